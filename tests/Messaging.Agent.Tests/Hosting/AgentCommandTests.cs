using System.Text;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Rosters;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

public sealed class AgentCommandTests
{
    [Fact]
    public async Task Commands_TamperedReplayedOrReAddressed_ChangeNothingAndAreCounted()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync();
        var down = Topics.Down(control.Device!.DeviceId);
        var ping = control.MakeCommand(CommandTypes.Ping);
        var frame = control.Seal(StreamId.Commands, RecordType.Command, ping.Bytes.Span);
        await control.PublishAsync(down, frame);
        await control.ResultAsync(ping.Content.Id, CommandState.Done);
        var reports = control.Reports(ping.Content.Id).Count();

        var flipped = frame.ToArray();
        flipped[^3] ^= 1;
        await control.PublishAsync(down, frame);
        await control.PublishAsync(down, flipped);
        await control.PublishAsync(down, frame.AsMemory(0, frame.Length / 2));
        var other = control.MakeCommand(CommandTypes.Ping, change: c => c with { Target = c.Target with { Id = fixture.Fleet.ServerId } });
        await control.SendAsync(other);
        using var stranger = Messaging.Crypto.IdentityKey.Generate();
        var forged = Command.Sign(stranger, control.MakeCommand(CommandTypes.Ping).Content);
        await control.SendAsync(forged);
        var old = control.MakeCommand(CommandTypes.Ping, change: c => c with { IssuerSeq = 1 });
        await control.SendAsync(old);

        string[] expected = ["record-replayed", "record-not-authentic", "frame-malformed", "command-wrong-target", "command-bad-signature", "command-replayed"];
        await control.UntilAsync(() => expected.All(reason => Refusals(control).Contains(reason)), "all refusals: " + string.Join(",", expected), 60);
        Assert.Equal(reports, control.Reports(ping.Content.Id).Count());
        Assert.Empty(control.Reports(other.Content.Id));
        Assert.Empty(control.Reports(forged.Content.Id));
        Assert.Equal(CommandState.Rejected, (await control.ResultAsync(old.Content.Id, CommandState.Rejected)).State);
    }

    [Fact]
    public async Task Commands_NotAllowedOrExpired_AreRefusedWithAReason()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync();

        var reboot = control.MakeCommand(CommandTypes.Reboot, change: c => c with { Freshness = control.Fresh() });
        await control.SendAsync(reboot);
        Assert.Contains("Commands:Allow", (await control.ResultAsync(reboot.Content.Id, CommandState.Rejected)).Message, StringComparison.Ordinal);
        var late = control.MakeCommand(CommandTypes.Ping, change: c => c with { ExpiresAtUnixMs = c.IssuedAtUnixMs - 3_600_000 });
        await control.SendAsync(late);
        await control.ResultAsync(late.Content.Id, CommandState.Expired);
        var intervals = control.MakeCommand(CommandTypes.SetIntervals, new SetIntervalsArguments([new("cpu", TimeSpan.FromSeconds(3))]).Encode());
        await control.SendAsync(intervals);
        await control.ResultAsync(intervals.Content.Id, CommandState.Done);
        await control.UntilAsync(
            () => control.Records.Where(record => record.Type == RecordType.DeviceInfo)
                .Any(record => DeviceInfo.TryDecode(record.Content, out var info) && info.Intervals.Contains(new("cpu", TimeSpan.FromSeconds(3)))),
            "the new interval in the device's information");

        // And a restart of the agent does not forget it.
        await fixture.Agent!.KillAsync();
        var before = control.Records.Count;
        await fixture.RunConnectedAsync();
        await control.UntilAsync(() => control.Records.Skip(before).Any(record => record.Type == RecordType.DeviceInfo), "the device's information after the restart");
        var info = control.Records.Skip(before).Last(record => record.Type == RecordType.DeviceInfo);
        Assert.True(DeviceInfo.TryDecode(info.Content, out var after));
        Assert.Contains(new("cpu", TimeSpan.FromSeconds(3)), after.Intervals);
    }

    [Fact]
    public async Task Commands_OfUnknownKindOrForAnUnknownScript_AreRejectedWithAReason()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync("Commands:Allow=ping,run-script,collect");

        var unknown = control.MakeCommand("make-coffee");
        await control.SendAsync(unknown);
        Assert.NotEmpty((await control.ResultAsync(unknown.Content.Id, CommandState.Rejected)).Message);

        var script = control.MakeCommand(CommandTypes.RunScript, new RunScriptArguments("../../bin/sh", []).Encode(), idempotent: false, c => c with { Freshness = control.Fresh() });
        await control.SendAsync(script);
        Assert.Contains("no script", (await control.ResultAsync(script.Content.Id, CommandState.Rejected)).Message, StringComparison.Ordinal);

        var collect = control.MakeCommand(CommandTypes.Collect, new CollectArguments(["cpu", "moon"]).Encode());
        await control.SendAsync(collect);
        Assert.Contains("moon", (await control.ResultAsync(collect.Content.Id, CommandState.Failed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunScript_KilledInTheMiddle_IsUnknownAndNeverRunsAgain()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var mark = Path.Combine(fixture.Folder, "runs");
        Script(scripts.FullName, "slow", $"echo run >> {mark}; echo working; sleep 5; echo late >> {mark}");
        Script(scripts.FullName, "quick", "echo \"hello $1\"; exit 4");
        string[] settings = ["Commands:Allow=ping,run-script", "Commands:ScriptsDirectory=" + scripts.FullName];
        var agent = await fixture.RunConnectedAsync(settings);

        var quick = control.MakeCommand(CommandTypes.RunScript, new RunScriptArguments("quick", ["you"]).Encode(), idempotent: false, c => c with { Freshness = control.Fresh() });
        await control.SendAsync(quick);
        var report = await control.ResultAsync(quick.Content.Id, CommandState.Failed);
        Assert.Equal((4, "hello you\n"), (report.ExitCode, Encoding.UTF8.GetString(report.Output.Span)));

        var slow = control.MakeCommand(CommandTypes.RunScript, new RunScriptArguments("slow", []).Encode(), idempotent: false, c => c with { Freshness = control.Fresh() });
        await control.SendAsync(slow);
        await control.ResultAsync(slow.Content.Id, CommandState.Running);
        await control.UntilAsync(() => File.Exists(mark), "the script's mark");
        await agent.KillAsync();

        await fixture.RunConnectedAsync(settings);
        await control.ResultAsync(slow.Content.Id, CommandState.Unknown);
        await control.SendAsync(slow);
        var ping = control.MakeCommand(CommandTypes.Ping);
        await control.SendAsync(ping);
        await control.ResultAsync(ping.Content.Id, CommandState.Done);
        Assert.Single(await File.ReadAllLinesAsync(mark, TestContext.Current.CancellationToken), line => line == "run");
        Assert.DoesNotContain(control.Reports(slow.Content.Id), one => one.State is CommandState.Done or CommandState.Failed);
    }

    [Fact]
    public async Task RunScript_ThatWaitsForOthersUntilAfterItsTime_ExpiresAndNeverRuns()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (gate, mark) = (Path.Combine(fixture.Folder, "gate"), Path.Combine(fixture.Folder, "runs"));
        Script(scripts.FullName, "wait", $"while [ -e $0 ] && [ ! -e {gate} ]; do sleep 0.1; done");
        Script(scripts.FullName, "late", $"echo run >> {mark}");
        await fixture.RunConnectedAsync("Commands:Allow=run-script", "Commands:ScriptsDirectory=" + scripts.FullName);
        var waiting = Enumerable.Range(0, 8).Select(_ => RunScript(control, "wait", control.Fresh())).ToList();
        foreach (var command in waiting)
        {
            await control.SendAsync(command);
            await control.ResultAsync(command.Content.Id, CommandState.Running);
        }

        var late = RunScript(control, "late", control.Fresh() with { UptimeDeadlineMs = UptimeMs() + 5000 });
        await control.SendAsync(late);
        await control.ResultAsync(late.Content.Id, CommandState.Accepted);
        await Eventually.True(() => UptimeMs() > late.Content.Freshness!.Value.UptimeDeadlineMs, "the deadline");
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);

        Assert.Contains("waited", (await control.ResultAsync(late.Content.Id, CommandState.Expired)).Message, StringComparison.Ordinal);
        await control.ResultAsync(waiting[^1].Content.Id, CommandState.Done);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task Cancel_OfCommandsInEveryState_StopsOrKeepsFromStarting()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var mark = Path.Combine(fixture.Folder, "runs");
        Script(scripts.FullName, "wait", "echo begun; while [ -e $0 ]; do sleep 0.1; done");
        Script(scripts.FullName, "late", $"echo run >> {mark}");
        await fixture.RunConnectedAsync("Commands:Allow=run-script", "Commands:ScriptsDirectory=" + scripts.FullName);
        var waiting = Enumerable.Range(0, 8).Select(_ => RunScript(control, "wait", control.Fresh())).ToList();
        foreach (var command in waiting)
        {
            await control.SendAsync(command);
            await control.ResultAsync(command.Content.Id, CommandState.Running);
        }

        var late = RunScript(control, "late", control.Fresh());
        await control.SendAsync(late);
        await control.ResultAsync(late.Content.Id, CommandState.Accepted);

        Assert.Equal(CommandState.Done, (await CancelAsync(late.Content.Id)).State);
        Assert.Contains("before it was started", (await control.ResultAsync(late.Content.Id, CommandState.Cancelled)).Message, StringComparison.Ordinal);

        await control.UntilAsync(() => Output(control, waiting[0].Content.Id) == "begun\n", "what the first has written");
        Assert.StartsWith("Stopped: it was cancelled.", (await CancelAsync(waiting[0].Content.Id)).Message, StringComparison.Ordinal);
        Assert.Equal("begun\n", Encoding.UTF8.GetString((await control.ResultAsync(waiting[0].Content.Id, CommandState.Cancelled)).Output.Span));

        var again = await CancelAsync(waiting[0].Content.Id);
        Assert.Equal((CommandState.Failed, "It had ended: cancelled."), (again.State, again.Message));

        // The relay brings the cancellation first.
        var later = CommandId.Generate();
        Assert.Contains("is not started", (await CancelAsync(later)).Message, StringComparison.Ordinal);
        await control.SendAsync(control.MakeCommand(
            CommandTypes.RunScript, new RunScriptArguments("late", []).Encode(), idempotent: false, content => content with { Id = later, Freshness = control.Fresh() }));
        Assert.Contains("before it came", (await control.ResultAsync(later, CommandState.Cancelled)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(mark));

        async Task<CommandReport> CancelAsync(CommandId id)
        {
            var cancel = control.MakeCommand(CommandTypes.Cancel, CancelArguments.Encode(id));
            await control.SendAsync(cancel);
            return await control.ResultAsync(cancel.Content.Id, CommandState.Done, CommandState.Failed);
        }
    }

    [Fact]
    public async Task Cancel_OfOneThatWaitsBehindAnotherOfItsWindow_EndsItAtOnce()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (control, fleet) = (fixture.Control, fixture.Fleet);
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Script(scripts.FullName, "wait", "while [ -e $0 ]; do sleep 0.1; done");
        string[] settings = ["Commands:Allow=run-script", "Commands:ScriptsDirectory=" + scripts.FullName, "Clock:Believe=always"];
        var agent = await fixture.RunConnectedAsync(settings);

        // A window of a minute, twelve hours from now; and then one that is always open.
        var later = TimeProvider.System.GetUtcNow().AddHours(12);
        await WindowAsync(5, new MaintenanceWindow(0b111_1111, (later.Hour * 60) + later.Minute, 1));
        var (first, second) = (RunScript(control, "wait", control.Fresh()), RunScript(control, "wait", control.Fresh()));
        foreach (var command in new[] { first, second })
        {
            await control.SendAsync(command);
            Assert.Contains("maintenance window", (await control.ResultAsync(command.Content.Id, CommandState.Accepted)).Message, StringComparison.Ordinal);
        }

        await WindowAsync(6, new MaintenanceWindow(0b111_1111, 0, 24 * 60));
        await agent.KillAsync();
        await fixture.RunConnectedAsync(settings);
        await control.ResultAsync(first.Content.Id, CommandState.Running);

        var cancel = control.MakeCommand(CommandTypes.Cancel, CancelArguments.Encode(second.Content.Id));
        await control.SendAsync(cancel);
        Assert.Equal("It was cancelled before it was started.", (await control.ResultAsync(cancel.Content.Id, CommandState.Done, CommandState.Failed)).Message);
        await control.ResultAsync(second.Content.Id, CommandState.Cancelled);
        Assert.DoesNotContain(control.Reports(first.Content.Id), report => report.State == CommandState.Done);

        // And the first one goes on, to its own end.
        File.Delete(Path.Combine(scripts.FullName, "wait"));
        await control.ResultAsync(first.Content.Id, CommandState.Done);
        Assert.DoesNotContain(control.Reports(second.Content.Id), report => report.State == CommandState.Running);

        async Task WindowAsync(ulong version, MaintenanceWindow window)
        {
            var roster = fleet.Trust.Roster.Content with { Version = version, Policy = new Policy([new PolicyRule([CommandTypes.RunScript], [Roles.Owner], 1, [window])]) };
            await control.SendAsync(StreamId.Control, RecordType.Trust, (fleet.Trust with { Roster = Roster.Sign(roster, fleet.Root) }).Encode());
            await control.UntilAsync(
                () => Events(control).Any(one => one.Name == "trust.changed" && one.Attributes.Contains(new("roster", version.ToString(System.Globalization.CultureInfo.InvariantCulture)))), "the roster");
        }
    }

    [Fact]
    public async Task RunScript_WhileNobodyHears_ResultAndOutputComeLaterThoughTheAgentWasKilled()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var mark = Path.Combine(fixture.Folder, "runs");
        Script(scripts.FullName, "count", $"for i in $(seq 1 9); do echo line $i; sleep 0.1; done; echo bad >&2; echo run >> {mark}; exit 3");
        string[] settings = ["Commands:Allow=ping,run-script,run-inline", "Commands:Interpreters=/bin/sh", "Commands:ScriptsDirectory=" + scripts.FullName];
        var agent = await fixture.RunConnectedAsync(settings);
        var count = RunScript(control, "count", control.Fresh());
        var body = "echo \"$1\"; cat $0 | wc -c; ls -l /proc/self/cmdline > /dev/null; tr '\\0' ' ' < /proc/$$/cmdline"u8.ToArray();
        var inline = control.MakeCommand(
            CommandTypes.RunInline,
            new RunInlineArguments("/bin/sh", body, ["hello"], RunLimits.None).Encode(),
            idempotent: false,
            content => content with { Freshness = control.Fresh() });
        control.IsDeaf = true;
        await control.SendAsync(count);
        await control.SendAsync(inline);
        await Eventually.True(() => File.Exists(mark), "the end of the script");

        // The end is in the spool before the journal's last word is told; what is not there yet is told by the journal at the next start.
        await Eventually.True(() => fixture.Agent!.Output.Contains($"Command {count.Content.Id} ended", StringComparison.Ordinal)
            && fixture.Agent.Output.Contains($"Command {inline.Content.Id} ended", StringComparison.Ordinal), "both ends in the log");
        await agent.KillAsync();
        control.IsDeaf = false;
        await fixture.RunConnectedAsync(settings);

        var report = await control.ResultAsync(count.Content.Id, CommandState.Failed);
        Assert.Equal(3, report.ExitCode);
        await control.UntilAsync(() => Pieces(control, count.Content.Id).Any(piece => piece.Written is not null), "the end of the output");
        var pieces = Pieces(control, count.Content.Id).ToList();
        Assert.Equal(string.Concat(Enumerable.Range(1, 9).Select(i => $"line {i}\n")) + "bad\n", Output(control, count.Content.Id));
        Assert.Equal("bad\n", string.Concat(pieces.Where(piece => piece.Source == OutputSource.Error).Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span))));
        Assert.Equal(pieces[^1].Offset, pieces[^1].Written);
        Assert.True(pieces.Count > 2, "it is sent while it runs");
        Assert.Single(await File.ReadAllLinesAsync(mark, TestContext.Current.CancellationToken));

        var ran = await control.ResultAsync(inline.Content.Id, CommandState.Done);
        var lines = Encoding.UTF8.GetString(ran.Output.Span).Split('\n');
        Assert.Equal("hello", lines[0]);
        Assert.Equal(body.Length.ToString(), lines[1].Trim());
        Assert.DoesNotContain("echo", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotateKeys_UntilTheReceipt_BothKeysWork()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var agent = await fixture.RunConnectedAsync();
        var oldIdentity = control.Identity!;

        var rotate = control.MakeCommand(CommandTypes.RotateKeys);
        await control.SendAsync(rotate);
        await control.UntilAsync(() => control.Records.Any(record => record.Type == RecordType.KeyUpdate), "a key update");
        var record = control.Records.First(one => one.Type == RecordType.KeyUpdate);
        Assert.True(KeyUpdate.TryVerify(record.Content, oldIdentity, control.Device!.DeviceId, out var update));
        Assert.NotNull(update.Identity);

        // The server has taken the keys, and the device goes down before it hears of it.
        await agent.KillAsync();
        control.Identity = update.Identity;
        control.HpkeKey = update.HpkeKey;
        await control.PublishDirectoryAsync(DirectoryStatus.Active);

        agent = await fixture.RunConnectedAsync();
        await control.UntilAsync(() => control.Down is not null && control.Newest is not null, "an epoch");
        await control.SendAsync(StreamId.Control, RecordType.KeyUpdateReceipt, new KeyUpdateReceipt(update.KeyNo, true, "").Encode());
        await control.UntilAsync(
            () => Events(control).Any(one => one.Name == "keys.changed"), "the change of keys: " + agent.Output, 60);
        await agent.KillAsync();
        control.Refused.Clear();
        await fixture.RunConnectedAsync();
        Assert.Empty(control.Refused);
    }

    [Fact]
    public async Task Trust_NewerAndSignedByTheOwner_IsTakenOverAndOthersAreNot()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (control, fleet) = (fixture.Control, fixture.Fleet);
        await fixture.RunConnectedAsync();
        using var forger = IdentityKey.Generate();
        var forged = fleet.Trust with { Roster = Roster.Sign(fleet.Trust.Roster.Content with { Version = 9 }, forger) };
        await control.SendAsync(StreamId.Control, RecordType.Trust, forged.Encode());
        var another = TrustMaker.Make(forger, forger, fleet.Hpke.Public, 9);
        await control.SendAsync(StreamId.Control, RecordType.Trust, another.Encode());
        fleet.SignTrust(5, [], tls: false);
        await control.SendAsync(StreamId.Control, RecordType.Trust, fleet.Trust.Encode());

        await control.UntilAsync(() => Events(control).Any(one => one.Name == "trust.changed" && one.Attributes.Contains(new("roster", "5"))), "the new roster");
        await control.UntilAsync(() => control.Newest!.Parameters.NoticeNumber == 5, "an epoch under the new notice");
        await control.UntilAsync(() => Refusals(control).Contains("trust-roster-not-signed"), "the refusal of the forged roster");
        await control.UntilAsync(() => Refusals(control).Contains("trust-malformed"), "the refusal of another fleet");
    }

    private static Command RunScript(FakeControl control, string name, CommandFreshness freshness) => control.MakeCommand(
        CommandTypes.RunScript, new RunScriptArguments(name, []).Encode(), idempotent: false, content => content with { Freshness = freshness });

    private static IEnumerable<CommandOutput> Pieces(FakeControl control, CommandId id) => control.Records
        .Where(record => record.Type == RecordType.CommandOutput)
        .Select(record => CommandOutput.TryDecode(record.Content, out var piece) ? piece : throw new InvalidDataException("no output"))
        .Where(piece => piece.CommandId == id);

    private static string Output(FakeControl control, CommandId id) => string.Concat(Pieces(control, id).Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)));

    private static ulong UptimeMs() => (ulong)(1000 * double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    private static void Script(string folder, string name, string body)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static IEnumerable<DeviceEvent> Events(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.Event)
        .SelectMany(record => EventBatch.TryDecode(record.Content, out var batch) ? batch.Events : []);

    private static HashSet<string> Refusals(FakeControl control) =>
        [.. Events(control).Where(one => one.Name == "security.rejected").Select(one => one.Attributes.First(pair => pair.Key == "reason").Value)];
}
