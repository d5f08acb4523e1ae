using System.Diagnostics;
using System.Text;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Tests.Commands;

public sealed class ScriptTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-scripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_GivesArgumentsAsTheyAreAndACleanEnvironment()
    {
        Environment.SetEnvironmentVariable("MESSAGING_SECRET_OF_THE_TEST", "secret");
        var script = Write("echo \"$1|$2\"; env; exit 3");

        var run = await RunAsync(script, ["a b; $(id)", "*"], TimeSpan.FromSeconds(20));

        var output = Encoding.UTF8.GetString(run.Output.Span);
        Assert.StartsWith("a b; $(id)|*\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.Equal((3, false, false), (run.ExitCode, run.TimedOut, run.OutputTruncated));
    }

    [Fact]
    public async Task Run_BeyondItsTime_IsKilledWithEverythingItStarted()
    {
        var mark = Path.Combine(_folder, "pid");
        var script = Write($"sleep 300 & echo $! > {mark}; echo begun; wait");
        var began = Stopwatch.GetTimestamp();

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(2));

        Assert.True(run.TimedOut);
        Assert.Equal("begun\n", Encoding.UTF8.GetString(run.Output.Span));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
        var child = (await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)).Trim();
        Assert.False(IsRunning(child), $"process {child} still runs");
    }

    [Fact]
    public async Task Run_OfMuchOutput_KeepsTheFirstBytesAndReportsProgress()
    {
        var script = Write("for i in $(seq 1 2000); do echo 0123456789; done; sleep 3; echo end");
        var progress = new List<int>();

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(30), 1000, (output, _) => progress.Add(output.Length));

        Assert.Equal((1000, true), (run.Output.Length, run.OutputTruncated));
        Assert.Contains(1000, progress);
    }

    [Fact]
    public async Task Run_KilledBySomebodyElse_HasTheExitCodeOfItsSignal()
    {
        var script = Write("echo begun; kill -9 $$");

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(60));

        Assert.Equal((137, false, "begun\n"), (run.ExitCode, run.TimedOut, Encoding.UTF8.GetString(run.Output.Span)));
    }

    [Fact]
    public async Task Run_ThatLeavesSomebodyWithThePipe_EndsAnyway()
    {
        var script = Write("(trap '' HUP; sleep 300) & echo done");

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(60));

        Assert.Equal((0, "done\n"), (run.ExitCode, Encoding.UTF8.GetString(run.Output.Span)));
    }

    [Fact]
    public void Check_OfScriptsThatOthersCouldChange_RefusesThem()
    {
        var good = Path.GetFileName(Write("true"));
        var loose = Write("true");
        File.SetUnixFileMode(loose, Executable | UnixFileMode.GroupWrite);
        var plain = Write("true");
        File.SetUnixFileMode(plain, UnixFileMode.UserRead);
        var catalog = Catalog();

        Assert.Null(catalog.Check(good));
        Assert.Equal([good], catalog.Names);
        Assert.Contains("changed by others", catalog.Check(Path.GetFileName(loose)), StringComparison.Ordinal);
        Assert.Contains("not executable", catalog.Check(Path.GetFileName(plain)), StringComparison.Ordinal);
        Assert.NotNull(catalog.Check("../../bin/true"));
        Assert.NotNull(catalog.Check("/bin/true"));
        Assert.NotNull(catalog.Check(""));
        Assert.NotNull(catalog.Check("absent"));

        File.SetUnixFileMode(_folder, Executable | UnixFileMode.OtherWrite);
        Assert.NotNull(catalog.Check(good));
        File.SetUnixFileMode(_folder, Executable);
    }

    [Fact]
    public void Check_OfAScriptOfAnotherUser_RefusesIt()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give a file away.");
        var script = Write("true");
        Process.Start("chown", ["nobody", script]).WaitForExit();

        Assert.NotNull(Catalog().Check(Path.GetFileName(script)));
    }

    private static bool IsRunning(string pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static Task<ScriptRun> RunAsync(
        string script, string[] arguments, TimeSpan timeout, int limit = 65536, Action<ReadOnlyMemory<byte>, bool>? progress = null) =>
        new ScriptProcess(TimeProvider.System).RunAsync(script, arguments, timeout, limit, progress ?? ((_, _) => { }), TestContext.Current.CancellationToken);

    private ScriptCatalog Catalog() => new(new AgentOptions { Commands = { ScriptsDirectory = _folder } });

    private string Write(string body)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }
}
