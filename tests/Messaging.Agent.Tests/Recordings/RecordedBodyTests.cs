using System.Text.Json;
using Messaging.Agent.Commands;
using Messaging.Agent.Recordings;
using Messaging.Agent.Shell;
using Messaging.Agent.Tests.Shell;
using Messaging.Commands;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Recordings;

public sealed class RecordedBodyTests : IDisposable
{
    private readonly RecordingWorld _world = new();
    private readonly CommandId _command = CommandId.Generate();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Shell_SaysThatItIsRecorded_AndEverythingThatWasShownIsRecorded()
    {
        var recorder = _world.Begin(_command);
        using var desk = Sit(recorder);

        desk.Type("echo answer=$((6*7)); stty -echo\n");
        await desk.Shows("answer=42");
        desk.Type("read secret\n");
        desk.Type("a secret that is typed\n");
        desk.Type("stty echo; echo done=$((3+4)); exit 5\n");
        var end = await desk.Ended();

        Assert.Equal((SessionEndReason.Done, 5), (end.Reason, end.ExitCode));
        Assert.StartsWith($"[This session is recorded (policy rule 2), for the key {RecordingWorld.Auditor.Kid}: what is shown, not what is typed.]\r\n", desk.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret that", desk.Shown, StringComparison.Ordinal);
        _world.Store.Keep(recorder, CommandResult.Done());
        var (verdict, text) = RecordingWorld.Read(RecordingWorld.Queued(_world.Disk, _command));
        Assert.Equal(RecordingVerdict.Complete, verdict);
        var shown = string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(static line => JsonDocument.Parse(line).RootElement).Where(static one => one[1].GetString() == "o").Select(static one => one[2].GetString()));
        Assert.Equal(desk.Shown, shown);
    }

    [Fact]
    public async Task Shell_ThatCannotBeRecordedAnyMore_EndsAndSaysWhy()
    {
        var recorder = _world.Begin(_command);
        using var desk = Sit(recorder);
        await desk.Shows("recorded");
        _world.Disk.Fail = static one => one == "write";

        desk.Type("yes | head -c 300000\n");
        var end = await desk.Ended();

        Assert.Equal((SessionEndReason.Failed, "The shell was ended, because it could not be recorded any more: it cannot be written: injected: write."), (end.Reason, end.Text));
        Assert.False(desk.Body.IsDoneWhenClosed);
        desk.Body.Dispose();
        _world.Disk.Fail = null;
        Assert.Equal(RecordingVerdict.BrokenOff, Kept(recorder));
    }

    [Fact]
    public async Task Close_ByTheClient_EndsTheRecordingWhole()
    {
        var recorder = _world.Begin(_command);
        using var desk = Sit(recorder);
        await desk.Shows("recorded");

        Assert.Equal(SessionEndReason.Closed, desk.Body.Close(null).Reason);
        desk.Body.Dispose();

        Assert.Equal(RecordingVerdict.Complete, Kept(recorder));
    }

    [Fact]
    public void For_ARule_IsTheOneThatDecides()
    {
        var recorded = new PolicyRule([CommandTypes.Shell], ["operator"], 1, []) { Recorders = [RecordingWorld.Auditor.Public] };
        var plain = recorded with { Recorders = [] };

        Assert.Null(RecordingRule.For(Policy.Default, CommandTypes.Shell));
        Assert.Null(RecordingRule.For(new Policy([plain, recorded]), CommandTypes.Shell));
        Assert.Equal("policy rule 1", RecordingRule.For(new Policy([recorded, plain]), CommandTypes.Shell)!.ToString());
        Assert.Equal("policy rule 2", RecordingRule.For(new Policy([plain with { Types = ["push"] }, recorded with { Types = ["*"] }]), CommandTypes.Shell)!.ToString());
    }

    private static Desk Sit(Recorder recorder)
    {
        var terminal = Terminal.Open(new TerminalSize(80, 24));
        var program = ProgramStart.OnTerminal(terminal.Path, "/bin/sh", ["sh"], "/", ["TERM=dumb", "PATH=/usr/bin:/bin", "PS1=$ "]);
        return new Desk(new RecordedBody(new ShellBody(terminal, program), recorder, RecordingWorld.Rule.Notice()), program.ProcessId);
    }

    private RecordingVerdict Kept(Recorder recorder)
    {
        _world.Store.Keep(recorder, CommandResult.Done());
        return RecordingWorld.Read(RecordingWorld.Queued(_world.Disk, _command)).Verdict;
    }
}
