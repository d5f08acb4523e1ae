using Messaging.Audit;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Audit;

/// <summary>What devices record of commands, against what the log says.</summary>
public sealed class ExecutionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_ThatAgreesWithTheLog_FindsNothing_AndBringsTheNewestCheckpoint()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var command = await PingAsync(fleet, device);
        var record = new Recorder(device);

        await record.SendAsync(Of(command, DeviceState.Accepted), Of(command, DeviceState.Done));

        await StoredAsync(fleet, device, 2);
        Assert.Empty(await FindingsAsync(fleet));
        await Until.True(() => !device.Checkpoints.IsEmpty, "the device gets a checkpoint");
        Assert.True(LogCheckpoint.TryRead(device.Checkpoints.Last(), out var checkpoint));
        Assert.True(checkpoint.IsSignedBy(fleet.CurrentTrust().Server.Identity));
        record.Witnessed = [new Witnessed(checkpoint.LogId, checkpoint.Number, checkpoint.Hash)];
        await record.SendAsync();
        await Until.True(async () => (await fleet.Control.Get<AuditReads>().StateAsync(Cancellation)).WitnessedThrough == checkpoint.Number, "the server knows of the witness");
        Assert.Empty(await FindingsAsync(fleet));
    }

    [Fact]
    public async Task Record_OfACommandBehindTheLogsBack_IsFound()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var known = await PingAsync(fleet, device);
        var record = new Recorder(device);
        var behind = known.Content with { Id = CommandId.Generate(), Type = "reboot" };
        var changed = Of(known, DeviceState.Done);

        await record.SendAsync(
            Entry(behind, DeviceState.Done),
            new Execution { CommandId = changed.CommandId, Digest = new byte[32], Issuer = changed.Issuer, Type = changed.Type, State = changed.State });

        var found = await FoundAsync(fleet, 2);
        Assert.Equal([FindingKind.CommandDiffers, FindingKind.CommandUnknown], found.Select(static row => row.Kind).Order(StringComparer.Ordinal));
        Assert.Contains("reboot", found.Single(static row => row.Kind == FindingKind.CommandUnknown).Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ThatForksRestartsOrHasAHole_IsFound()
    {
        var options = new AuditOptions { Patience = TimeSpan.Zero };
        await using var fleet = await Fleet.StartAsync(settings => settings with { Audit = options });
        var device = await fleet.EnrolAsync();
        var command = await PingAsync(fleet, device);
        var record = new Recorder(device);
        await record.SendAsync(Of(command, DeviceState.Accepted), Of(command, DeviceState.Done));
        var clone = record.Copy(back: 1);

        await clone.SendAsync(Of(command, DeviceState.Failed));
        Assert.Equal(FindingKind.RecordForked, Assert.Single(await FoundAsync(fleet, 1)).Kind);

        record.Skip(2);
        await record.SendAsync(Of(command, DeviceState.Done));
        await StoredAsync(fleet, device, 4);
        await fleet.Control.Get<AuditComparer>().CompareAsync(Cancellation);
        Assert.Contains((await FindingsAsync(fleet)), row => row.Kind == FindingKind.RecordGap && row.Subject.EndsWith("/3-4", StringComparison.Ordinal));

        var other = new Recorder(device);
        await other.SendAsync(Of(command, DeviceState.Done));
        await Until.True(async () => (await FindingsAsync(fleet)).Any(static row => row.Kind == FindingKind.RecordRestarted), "the new record is found");
    }

    [Fact]
    public async Task Record_SentAgain_ChangesNothing()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var command = await PingAsync(fleet, device);
        var record = new Recorder(device);
        await record.SendAsync(Of(command, DeviceState.Accepted));
        var again = record.Copy(back: 1);

        await again.SendAsync(Of(command, DeviceState.Accepted), Of(command, DeviceState.Done));

        await StoredAsync(fleet, device, 2);
        Assert.Empty(await FindingsAsync(fleet));
    }

    [Fact]
    public async Task Record_ThatTheDeviceDidNotSign_IsRefused()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var command = await PingAsync(fleet, device);
        using var stranger = IdentityKey.Generate();
        var record = new Recorder(device, stranger);

        await record.SendAsync(Of(command, DeviceState.Done));

        await Until.True(() => fleet.Rejections(device, RejectionReason.ExecutionsNotSigned) == 1, "the record is refused");
        await StoredAsync(fleet, device, 0);
    }

    [Fact]
    public async Task Record_OfBeforeAKeyChange_IsOfTheDeviceStill()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var command = await PingAsync(fleet, device);
        var (first, next) = (device.Identity, IdentityKey.Generate());
        var hpke = HpkeKeyPair.Generate();
        await device.SendAsync(StreamId.Events, RecordType.KeyUpdate, KeyUpdate.Sign(device.Identity, device.Id, 1, hpke.Public, next));
        await Until.True(() => fleet.Control.Devices.Get(device.Id)!.KeyNo == 1, "the server has the new keys");
        device.Identity = next;
        device.Hpke = hpke;
        await device.DisconnectAsync();
        await fleet.ConnectAsync(device);
        var old = new Recorder(device, first);

        // Signed before the change, and sent after it.
        await old.SendAsync(Of(command, DeviceState.Accepted));
        await old.Copy(back: 0, next).SendAsync(Of(command, DeviceState.Done));

        await StoredAsync(fleet, device, 2);
        var key = Assert.Single(await fleet.Control.Get<AuditReads>().DeviceKeysAsync(0, 10, Cancellation));
        Assert.Equal(first.Public.Point.ToArray(), key.KeyPoint);
        first.Dispose();
    }

    [Fact]
    public async Task Witness_OfMoreThanTheLogHas_BeginsANewLog()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await PingAsync(fleet, device);
        var log = fleet.Control.Get<AuditLog>().Head!;
        Assert.True(ChainId.TryParse(log.LogId, out var id));
        var record = new Recorder(device) { Witnessed = [new Witnessed(id, log.Number + 5, log.Hash)] };

        await record.SendAsync();

        Assert.Equal((FindingKind.LogRewritten, log.LogId), (await FoundAsync(fleet, 1)).Select(static row => (row.Kind, row.Subject)).Single());
        await Until.True(() => fleet.Control.Get<AuditLog>().Head!.LogId != log.LogId, "the log goes on in a new one");
        var begin = fleet.Control.Get<AuditLog>().Head!;
        Assert.Equal(("audit.begin", AuditRecord.Rewritten, 1L), (begin.Action, begin.Outcome, begin.Number));
        record.Witnessed = [new Witnessed(id, log.Number, new byte[32])];
        await record.SendAsync();
        await Until.True(() => device.Unacknowledged == 0, "the second one is stored");
        Assert.Single(await FindingsAsync(fleet));
    }

    [Fact]
    public async Task Command_ThatIsReportedAndNotRecorded_IsFoundInTime()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Audit = new AuditOptions { Patience = TimeSpan.Zero } });
        var device = await fleet.EnrolAsync();
        var (first, second) = (await PingAsync(fleet, device), await PingAsync(fleet, device));
        var record = new Recorder(device);
        await record.SendAsync(Of(second, DeviceState.Failed));
        await StoredAsync(fleet, device, 1);

        await fleet.Control.Get<AuditComparer>().CompareAsync(Cancellation);
        await fleet.Control.Get<AuditComparer>().CompareAsync(Cancellation);

        var found = (await FindingsAsync(fleet)).ToDictionary(static row => row.Kind, static row => row.Subject);
        Assert.Equal(2, found.Count);
        Assert.Equal(first.Content.Id.ToString(), found[FindingKind.CommandUnreported]);
        Assert.Equal(second.Content.Id.ToString(), found[FindingKind.StateDiffers]);
    }

    [Theory]
    [InlineData(1, -1, false)]
    [InlineData(2, -1, true)]
    [InlineData(1, 3, true)]
    public void IsOverdue_OfACommandLongAgo_DependsOnWhetherTheDeviceShouldHaveIt(int attempts, long lastReport, bool overdue)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(10);
        var command = new CommandEntity
        {
            Id = "",
            DeviceId = "",
            Type = "ping",
            ArgsJson = "{}",
            Args = [],
            CreatedBy = "",
            ExpiresAt = now.AddDays(-1),
            SentAt = now.AddDays(-2),
            Attempts = attempts,
            LastReportNo = lastReport,
            LastReportAt = now.AddDays(-2),
        };

        Assert.Equal(overdue, AuditComparer.IsOverdue(command, now, now, TimeSpan.FromHours(1)));
        Assert.False(AuditComparer.IsOverdue(command, now, now.AddDays(-3), TimeSpan.FromHours(1)));
    }

    private static Execution Of(Command command, DeviceState state) => Entry(command.Content, state);

    private static Execution Entry(CommandContent content, DeviceState state) =>
        new() { CommandId = content.Id, Digest = Execution.DigestOf(content), Issuer = content.IssuerId, Type = content.Type, State = state, UnixMs = 1_800_000_000_000 };

    private static async Task<Command> PingAsync(Fleet fleet, TestDevice device)
    {
        device.Obey = command => [device.Report(command, DeviceState.Accepted), device.Report(command, DeviceState.Done)];
        var created = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Id.ToString(), "ping", null, null, "tester"), Cancellation);
        var id = created.Command!.Id;
        await Until.True(async () => (await fleet.Control.Commands.GetAsync(device.Id.ToString(), id, Cancellation))!.State.IsFinal(), "the command ends");
        return device.Commands.Single(command => command.Content.Id.ToString() == id);
    }

    private static async Task<IReadOnlyList<FindingRow>> FindingsAsync(Fleet fleet) => await fleet.Control.Get<FindingBook>().ListAsync(true, null, 100, Cancellation);

    private static async Task<IReadOnlyList<FindingRow>> FoundAsync(Fleet fleet, int count)
    {
        await Until.True(async () => (await FindingsAsync(fleet)).Count >= count, $"{count} findings");
        return await FindingsAsync(fleet);
    }

    private static async Task StoredAsync(Fleet fleet, TestDevice device, int count)
    {
        await Until.True(() => device.Unacknowledged == 0, "everything is confirmed");
        await using var db = await fleet.Control.Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(count, await db.Set<ExecutionRow>().CountAsync(Cancellation));
    }

    /// <summary>A device's record, without a disk.</summary>
    private sealed class Recorder(TestDevice device, IdentityKey? key = null)
    {
        private ChainId _chain = ChainId.Generate();
        private List<byte[]> _hashes = [new byte[32]];

        public IReadOnlyList<Witnessed> Witnessed { get; set; } = [];

        public async Task SendAsync(params Execution[] entries)
        {
            var batch = new ExecutionBatch
            {
                Device = device.Id,
                Chain = _chain,
                First = _hashes.Count,
                Previous = _hashes[^1],
                Entries = entries,
                Witnessed = Witnessed,
            };
            _hashes.AddRange(batch.Hashes());
            await device.SendAsync(StreamId.Events, RecordType.Executions, batch.Sign(key ?? device.Identity));
        }

        public Recorder Copy(int back, IdentityKey? other = null) => new(device, other ?? key) { _chain = _chain, _hashes = [.. _hashes.SkipLast(back)] };

        public void Skip(int count) => _hashes.AddRange(Enumerable.Range(0, count).Select(static i => new byte[32]));
    }
}
