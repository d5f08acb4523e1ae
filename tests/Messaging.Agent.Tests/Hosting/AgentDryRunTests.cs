using System.Security.Cryptography;
using System.Text;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>What a real agent says to dry runs, and that it does nothing.</summary>
public sealed class AgentDryRunTests : IAsyncLifetime
{
    private AgentFixture? _fixture;

    private FakeControl Control => _fixture!.Control;

    public async ValueTask InitializeAsync() => _fixture = await AgentFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture!.DisposeAsync();

    [Fact]
    public async Task DryRun_OfEachType_SaysWhatItWouldDoAndDoesNothing()
    {
        var owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var scripts = Directory.CreateDirectory(Path.Combine(_fixture!.Folder, "scripts"), owner).FullName;
        var files = Directory.CreateDirectory(Path.Combine(_fixture.Folder, "files"), owner).FullName;
        var mark = Path.Combine(files, "mark");
        var script = $"#!/bin/sh\ntouch {mark}\n";
        await File.WriteAllTextAsync(Path.Combine(scripts, "touch"), script, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(scripts, "touch"), owner);
        await File.WriteAllTextAsync(Path.Combine(files, "a"), "abc", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(files, "a"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await _fixture.RunConnectedAsync(
            "Commands:Allow=ping,set-intervals,rotate-keys,run-script,run-inline,file-read,file-write", "Commands:ScriptsDirectory=" + scripts, "Commands:Interpreters=/bin/sh",
            "Commands:ReadPaths=" + files, "Commands:WritePaths=" + files, "Intervals:cpu=7s");

        await SaysAsync(CommandTypes.Ping, EmptyArguments.Encode(), "Dry run: ping would run now. Nothing was done.");
        await SaysAsync(
            CommandTypes.RunScript, new RunScriptArguments("touch", [], new RunLimits(60, null, 9, 500, null)).Encode(),
            $"It would run {scripts}/touch ({script.Length} bytes, mode 0700, sha256 {Hex(script)}), for at most 60 s, 512 MiB of memory, 9 processes, 50 % of a processor. Nothing was done.");
        await SaysAsync(
            CommandTypes.RunInline, new RunInlineArguments("/bin/sh", Encoding.UTF8.GetBytes(script), [], RunLimits.None).Encode(),
            $"It would hand {script.Length} bytes to /bin/sh, for at most 600 s, 512 MiB of memory, 256 processes. Nothing was done.");
        await SaysAsync(CommandTypes.FileRead, new FileReadArguments(files + "/a", 1, 100).Encode(), $"It would read 2 bytes from 1 of {files}/a: 3 bytes, mode 0600. Nothing was done.");
        await SaysAsync(CommandTypes.FileRead, new FileReadArguments(files + "/b", 0, 1).Encode(), $"Dry run: file-read would fail. There is no {files}/b. Nothing was done.");
        await SaysAsync(
            CommandTypes.FileWrite, new FileWriteArguments(files + "/a", 0x1a4, new byte[5], null).Encode(),
            $"It would replace {files}/a (3 bytes, sha256 {Hex("abc")}) with 5 bytes, mode 0644;");
        await SaysAsync(CommandTypes.FileWrite, new FileWriteArguments(files + "/mark", 0x180, new byte[5], null).Encode(), $"It would create {files}/mark with 5 bytes, mode 0600;");
        await SaysAsync(
            CommandTypes.FileWrite, new FileWriteArguments(files + "/a", 0x1a4, new byte[5], ReadOnlyMemory<byte>.Empty).Encode(),
            $"Dry run: file-write would fail. {files}/a is there already. Nothing was done.");
        await SaysAsync(
            CommandTypes.SetIntervals, new SetIntervalsArguments([new("cpu", TimeSpan.FromSeconds(2))]).Encode(), "It would set cpu 7s -> 2s. Nothing was done.");
        await SaysAsync(
            CommandTypes.SetIntervals, new SetIntervalsArguments([new("nothing", TimeSpan.FromSeconds(2))]).Encode(), "would fail. There is no collector nothing here. Nothing was done.");
        await SaysAsync(CommandTypes.RotateKeys, EmptyArguments.Encode(), "It would make a new identity key and a new encryption key; the old ones would work until the server confirms.");
        await SaysAsync(CommandTypes.Cancel, CancelArguments.Encode(CommandId.Generate()), "That command has not come to this device; if it came, it would not be started. Nothing was done.");
        var ping = Control.MakeCommand(CommandTypes.Ping);
        await Control.SendAsync(ping);
        await Control.ResultAsync(ping.Content.Id, CommandState.Done);
        await SaysAsync(CommandTypes.Cancel, CancelArguments.Encode(ping.Content.Id), "Dry run: cancel would fail. That command, ping, has ended: done. Nothing was done.");

        Assert.False(File.Exists(mark));
        Assert.Equal("abc", await File.ReadAllTextAsync(Path.Combine(files, "a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DryRun_OfACancellation_SaysWhetherTheOtherCanBeStopped()
    {
        var scripts = Directory.CreateDirectory(Path.Combine(_fixture!.Folder, "scripts"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        await File.WriteAllTextAsync(Path.Combine(scripts, "wait"), "#!/bin/sh\nwhile [ -e $0 ]; do sleep 0.1; done\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(scripts, "wait"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await _fixture.RunConnectedAsync("Commands:Allow=run-script", "Commands:ScriptsDirectory=" + scripts);
        var script = Control.MakeCommand(CommandTypes.RunScript, new RunScriptArguments("wait", []).Encode(), idempotent: false, content => content with { Freshness = Control.Fresh() });
        await Control.SendAsync(script);
        await Control.ResultAsync(script.Content.Id, CommandState.Running);

        await SaysAsync(CommandTypes.Cancel, CancelArguments.Encode(script.Content.Id), "It would cancel run-script, which is running. Nothing was done.");
        Assert.DoesNotContain(Control.Reports(script.Content.Id), report => report.State == CommandState.Cancelled);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task SaysAsync(string type, byte[] arguments, string expected)
    {
        var command = Control.MakeCommand(type, arguments, idempotent: true, content => content with { Freshness = Control.Fresh(), DryRun = true });
        await Control.SendAsync(command);
        var report = await Control.ResultAsync(command.Content.Id, CommandState.Done, CommandState.Failed, CommandState.Rejected);
        Assert.Contains(expected, report.Message, StringComparison.Ordinal);
        Assert.Equal(report.Message.Contains("would fail", StringComparison.Ordinal) ? CommandState.Failed : CommandState.Done, report.State);
    }
}
