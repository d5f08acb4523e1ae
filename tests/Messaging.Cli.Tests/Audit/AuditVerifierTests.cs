using Messaging.Audit;
using Messaging.Cli.Audit;
using Messaging.Cli.Recordings;
using Messaging.Cli.Tests.Support;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Audit;

public sealed class AuditVerifierTests : IDisposable
{
    private static readonly ChainId Log = ChainId.Generate();
    private static readonly ChainId Record = ChainId.Generate();
    private readonly ServerFleet _fleet = new();
    private readonly IdentityKey _device = IdentityKey.Generate();
    private readonly List<LoggedEntry> _entries = [];
    private readonly CommandContent _command;

    public AuditVerifierTests()
    {
        _command = new CommandContent(CommandId.Generate(), _fleet.ServerId, 1, default, 0, 1, null, true, "ping", new byte[] { 0x80 });
        Append("session.create", "operators/alice", "");
        Append("command.create", $"devices/{DeviceId}/commands/{_command.Id}", $"ping {Convert.ToHexStringLower(Execution.DigestOf(_command))}");
        Append("session.end", "", "");
    }

    private PrincipalId DeviceId => PrincipalId.FromIdentityKey(_device.Public);

    public void Dispose()
    {
        _fleet.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Verify_OfAnHonestServer_FindsNothing()
    {
        var (report, verifier) = Verify([Signed(3), Batch(1, [Entry(CommandState.Accepted), Entry(CommandState.Done)], witnessed: [Seen(2)]), .. Lines()], Checkpoint(2));

        Assert.Empty(report.Findings);
        Assert.Equal((Log.ToString(), 3L, 3L, 1, 2L, 2L), (report.LogId, report.Through, report.CheckpointNumber, report.Witnesses, report.Executions, report.SeenBefore));
        Assert.Empty(Comparison.Unknown(verifier));
        Assert.Equal(3, verifier.NewestCheckpoint!.Number);
    }

    [Theory]
    [InlineData("changed", "entry 2 is not what was written")]
    [InlineData("left out", "entries 2 to 2 are missing")]
    [InlineData("cut off", "a checkpoint was signed for entry 3")]
    [InlineData("reordered", "entries 2 to 2 are missing")]
    [InlineData("begins late", "it begins with entry 2")]
    public void Verify_OfALogThatIsNotWhatWasWritten_SaysHow(string how, string says)
    {
        var lines = Lines();
        lines = how switch
        {
            "changed" => [lines[0], lines[1] with { Entry = lines[1].Entry! with { Actor = "mallory" } }, lines[2]],
            "left out" => [lines[0], lines[2]],
            "cut off" => lines[..2],
            "reordered" => [lines[0], lines[2], lines[1]],
            _ => lines[1..],
        };

        var (report, _) = Verify([Signed(3), .. lines]);

        Assert.Contains(report.Findings, finding => finding.Kind == "log-damaged" && finding.Details.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_OfALogOfWhichOldEntriesAreDeleted_BeginsWithACheckpoint()
    {
        Assert.Empty(Verify([Signed(1), Signed(3), .. Lines()[1..]], Checkpoint(1)).Report.Findings);
        Assert.NotEmpty(Verify([Signed(1), Signed(3), .. Lines()[1..]], Forged(1)).Report.Findings);
    }

    [Fact]
    public void Verify_OfForgedOrForeignCheckpoints_SaysSo()
    {
        using var stranger = IdentityKey.Generate();
        var forged = Line(LogCheckpoint.Sign(stranger, _fleet.ServerId, Log, 3, _entries[2].Hash(), 1));
        var foreign = Line(LogCheckpoint.Sign(stranger, PrincipalId.FromIdentityKey(stranger.Public), Log, 3, _entries[2].Hash(), 1));

        Assert.Contains(Verify([forged, .. Lines()]).Report.Findings, one => one.Kind == "log-damaged" && one.Details.Contains("forged", StringComparison.Ordinal));
        Assert.Contains(Verify([foreign, .. Lines()]).Report.Findings, static one => one.Kind == "unverifiable");
        Assert.Single(Verify([new AuditLine(Checkpoint: new CheckpointItem("AAAA")), .. Lines()]).Report.Findings);
    }

    [Fact]
    public void Verify_OfLessOrSomethingElseThanThisMachineOrADeviceHasSeen_SaysWho()
    {
        Assert.Contains(Verify([.. Lines()], Checkpoint(3, number: 9)).Report.Findings, one => one.Details.Contains("this machine has seen entry 9", StringComparison.Ordinal));
        Assert.Contains(Verify([.. Lines()], Forged(2)).Report.Findings, one => one.Details.Contains("this machine has seen another entry 2", StringComparison.Ordinal));
        var other = new Witnessed(Log, 2, new byte[32]);
        var first = Batch(1, [Entry(CommandState.Accepted)], [other]);
        Assert.Contains(
            Verify([first, Batch(2, [Entry(CommandState.Done)], [Seen(3)], previous: Entry(CommandState.Accepted)), .. Lines()]).Report.Findings,
            one => one.Kind == "log-rewritten" && one.Details.Contains($"the device {DeviceId} has seen another entry 2", StringComparison.Ordinal));

        // An export may be older than what was seen since.
        var verifier = new AuditVerifier(_fleet.Device);
        verifier.Seen([Checkpoint(3, number: 9)], hasToBeThere: false);
        Lines().ToList().ForEach(verifier.Add);
        Assert.Empty(verifier.End().Findings);
    }

    [Fact]
    public void Compare_OfACommandBehindTheLogsBack_FindsIt()
    {
        var behind = new Execution { CommandId = CommandId.Generate(), Digest = new byte[32], Issuer = _fleet.ServerId, Type = "reboot", State = CommandState.Done };
        var changed = new Execution { CommandId = _command.Id, Digest = new byte[32], Issuer = _fleet.ServerId, Type = "ping", State = CommandState.Done };

        var (_, verifier) = Verify([Batch(1, [behind, changed], []), .. Lines()]);

        Assert.Equal(["command-differs", "command-unknown"], Comparison.Unknown(verifier).Select(static one => one.Kind).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("complete", 9, "")]
    [InlineData("complete", 8, "recording-differs")]
    [InlineData("expired", 9, "recording-missing")]
    [InlineData("receiving", 9, "recording-missing")]
    [InlineData(null, 0, "recording-missing")]
    public async Task Compare_OfRecordings_FindsWhatTheServerLacksOrHasOtherwise(string? state, byte hash, string kind)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);
        var ran = new Execution
        {
            CommandId = _command.Id,
            Digest = Execution.DigestOf(_command),
            Issuer = _fleet.ServerId,
            Type = "shell",
            State = CommandState.Done,
            UnixMs = at.ToUnixTimeMilliseconds(),
            Recording = Hash(9),
        };
        var (_, verifier) = Verify([Batch(1, [ran], []), .. Lines()]);
        var said = state is null ? null : new RecordingReply(
            _command.Id.ToString(), DeviceId.ToString(), null, null, null, at, 1, "complete", 100, Convert.ToHexStringLower(Hash(hash)), state, "", at);

        var found = await Comparison.RecordingsAsync(verifier, at.AddDays(-1), at.AddHours(2), (_, _) => Task.FromResult(said));

        Assert.Equal(kind, string.Join(",", found.Select(static one => one.Kind)));
        Assert.Empty(await Comparison.RecordingsAsync(verifier, at.AddDays(-1), at.AddMinutes(30), (_, _) => Task.FromResult(said)));
        Assert.Empty(await Comparison.RecordingsAsync(verifier, at.AddHours(1), at.AddDays(1), (_, _) => Task.FromResult(said)));

        static byte[] Hash(byte one) => [.. Enumerable.Repeat(one, 32)];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compare_WithWhatTheServerSays_FindsWhatNoDeviceRecordedOrRecordedOtherwise(bool ofASet)
    {
        var id = CommandId.Generate();
        Append("command.create", ofASet ? $"commands/sets/{id}" : $"devices/{DeviceId}/commands/{id}", $"ping {new string('0', 64)}");
        var ran = new Execution { CommandId = id, Digest = new byte[32], Issuer = _fleet.ServerId, Type = "ping", State = CommandState.Done };
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_000);
        var (_, recorded) = Verify([Batch(1, [ran], []), .. Lines()]);
        var (_, unrecorded) = Verify(Lines());

        Assert.Empty(await Found(recorded, "done"));
        Assert.Equal(["state-differs"], await Found(recorded, "failed"));
        Assert.Equal(["command-unreported"], await Found(unrecorded, "done"));
        Assert.Empty(await Found(unrecorded, "sent"));

        async Task<IEnumerable<string>> Found(AuditVerifier verifier, string state) =>
            (await Comparison.WithServerAsync(verifier, at.AddDays(-1), at.AddDays(1), issued => Say(issued.Id == id ? state : null))).Select(static one => one.Kind);

        async IAsyncEnumerable<SaidState> Say(string? state)
        {
            await Task.CompletedTask;
            if (state is not null)
            {
                yield return new SaidState(DeviceId, state);
            }
        }
    }

    [Fact]
    public void Records_ThatForkHaveAHoleOrAreNotSigned_AreFound()
    {
        using var stranger = IdentityKey.Generate();
        var accepted = Entry(CommandState.Accepted);
        var fork = Verify([Batch(1, [accepted, Entry(CommandState.Done)], []), Batch(2, [Entry(CommandState.Failed)], [], previous: accepted), .. Lines()]).Report;
        var gap = Verify([Batch(1, [accepted], []), Batch(4, [Entry(CommandState.Done)], []), .. Lines()]).Report;
        var unsigned = Verify([Batch(1, [accepted], [], key: stranger), .. Lines()]).Report;

        Assert.Equal("record-forked", Assert.Single(fork.Findings).Kind);
        Assert.Equal(("record-gap", $"{Record}/2-3"), (Assert.Single(gap.Findings).Kind, gap.Findings[0].Subject));
        Assert.Equal("unverifiable", Assert.Single(unsigned.Findings).Kind);
    }

    [Fact]
    public void Record_ByALaterKey_IsTheDevicesWhenTheKeyBeforeSaysSo()
    {
        using var next = IdentityKey.Generate();
        using var hpke = HpkeKeyPair.Generate();
        var update = new AuditLine(DeviceKey: new DeviceKeyItem(
            DeviceId.ToString(), Convert.ToHexStringLower(_device.Public.Point), Convert.ToBase64String(KeyUpdate.Sign(_device, DeviceId, 1, hpke.Public, next))));

        Assert.Empty(Verify([update, Batch(1, [Entry(CommandState.Done)], [], key: next), .. Lines()]).Report.Findings);
        Assert.NotEmpty(Verify([Batch(1, [Entry(CommandState.Done)], [], key: next), .. Lines()]).Report.Findings);
    }

    [Fact]
    public void SeenLogs_Saved_AreLoadedNewestFirst()
    {
        using var folder = new TemporaryFolder();
        var seen = new SeenLogs(folder.Path);
        seen.Save(new byte[32], Checkpoint(1));
        seen.Save(new byte[32], LogCheckpoint.Sign(_fleet.Server, _fleet.ServerId, ChainId.Generate(), 1, new byte[32], 1));
        seen.Save(new byte[32], Checkpoint(2));

        Assert.Equal([2, 1], seen.Load(new byte[32]).Select(static one => one.Number));
        Assert.Empty(seen.Load(new byte[31]));
    }

    private (AuditReport Report, AuditVerifier Verifier) Verify(IReadOnlyList<AuditLine> lines, params LogCheckpoint[] seen)
    {
        var verifier = new AuditVerifier(_fleet.Device);
        verifier.Seen(seen, hasToBeThere: true);
        foreach (var line in lines)
        {
            verifier.Add(line);
        }

        return (verifier.End(), verifier);
    }

    private void Append(string action, string target, string details) => _entries.Add(new LoggedEntry
    {
        LogId = Log,
        Number = _entries.Count + 1,
        Previous = _entries.Count == 0 ? new byte[32] : _entries[^1].Hash(),
        UnixMs = 1_795_000_000_000,
        ActorKind = "operator",
        ActorId = "1",
        Actor = "alice",
        Action = action,
        Target = target,
        Outcome = "ok",
        Address = "192.0.2.1",
        Details = details,
    });

    private AuditLine[] Lines() => [.. _entries.Select(static entry => new AuditLine(Entry: new EntryItem(
        entry.LogId.ToString(), entry.Number, Convert.ToHexStringLower(entry.Previous), Convert.ToHexStringLower(entry.Hash()), entry.UnixMs,
        entry.ActorKind, entry.ActorId, entry.Actor, entry.Action, entry.Target, entry.Outcome, entry.Address, entry.Details)))];

    private LogCheckpoint Checkpoint(int of, long? number = null) =>
        LogCheckpoint.Sign(_fleet.Server, _fleet.ServerId, Log, number ?? of, _entries[of - 1].Hash(), 1_795_000_000_000);

    private LogCheckpoint Forged(long number) => LogCheckpoint.Sign(_fleet.Server, _fleet.ServerId, Log, number, new byte[32], 1_795_000_000_000);

    private AuditLine Signed(int number) => Line(Checkpoint(number));

    private static AuditLine Line(LogCheckpoint checkpoint) => new(Checkpoint: new CheckpointItem(Convert.ToBase64String(checkpoint.Bytes.Span)));

    private Witnessed Seen(int number) => new(Log, number, _entries[number - 1].Hash());

    private Execution Entry(CommandState state) =>
        new() { CommandId = _command.Id, Digest = Execution.DigestOf(_command), Issuer = _command.IssuerId, Type = "ping", State = state };

    private AuditLine Batch(long first, Execution[] entries, Witnessed[] witnessed, Execution? previous = null, IdentityKey? key = null)
    {
        var batch = new ExecutionBatch
        {
            Device = DeviceId,
            Chain = Record,
            First = first,
            Previous = previous?.Hash(Record, first - 1, new byte[32]) ?? new byte[32],
            Entries = entries,
            Witnessed = witnessed,
        };
        var signer = key ?? _device;
        return new AuditLine(Executions: new ExecutionsItem(
            DeviceId.ToString(), DateTimeOffset.UnixEpoch, Convert.ToHexStringLower(signer.Public.Point), Convert.ToBase64String(batch.Sign(signer))));
    }
}
