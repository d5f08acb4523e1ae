using System.Diagnostics;
using System.Text;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Commands;

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
    public async Task Run_OfMuchOutput_KeepsTheLastBytesAndSendsTheFirst()
    {
        var script = Write("for i in $(seq 1 2000); do echo 0123456789; done; echo bad >&2; echo end");
        var sent = new List<CommandOutput>();

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(60), 1000, sent, stream: 5000);

        Assert.Equal((1000, true), (run.Output.Length, run.OutputTruncated));
        Assert.Contains("end\n", Encoding.UTF8.GetString(run.Output.Span), StringComparison.Ordinal);
        Assert.Equal(5000, sent.Sum(piece => piece.Bytes.Length));
        Assert.StartsWith("0123456789\n0123456789\n", Encoding.UTF8.GetString(sent[0].Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(22_008, sent[^1].Written);
    }

    [Fact]
    public async Task Run_OfTwoKindsOfOutput_TellsThemApartWhileItRuns()
    {
        var gate = Path.Combine(_folder, "gate");
        var script = Write($"echo out; echo bad >&2; while [ ! -e {gate} ]; do sleep 0.1; done; echo end");
        var sent = new List<CommandOutput>();
        var running = RunAsync(script, [], TimeSpan.FromSeconds(60), sent: sent);

        await Support.Eventually.True(() => Texts(OutputSource.Output) == "out\n" && Texts(OutputSource.Error) == "bad\n", "both, while it runs");
        Assert.False(running.IsCompleted);
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
        await running;

        Assert.Equal(("out\nend\n", "bad\n"), (Texts(OutputSource.Output), Texts(OutputSource.Error)));

        string Texts(OutputSource source)
        {
            lock (sent)
            {
                return string.Concat(sent.Where(piece => piece.Source == source).Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)));
            }
        }
    }

    [Fact]
    public async Task Run_Cancelled_IsAskedToEndAndMayTidyUp()
    {
        var script = Write("trap 'echo tidied; exit 9' TERM; echo begun; while :; do sleep 0.1; done");
        using var cancel = new CancellationTokenSource();
        var sent = new List<CommandOutput>();
        var running = RunAsync(script, [], TimeSpan.FromSeconds(60), sent: sent, cancelled: cancel.Token);
        await Support.Eventually.True(() => Count(sent) > 0, "it has begun");

        await cancel.CancelAsync();
        var run = await running;

        Assert.Equal((ScriptEnd.Cancelled, false, 9), (run.End, run.WasKilled, run.ExitCode));
        // A shell may say by itself what became of the sleep.
        Assert.Contains("tidied\n", Encoding.UTF8.GetString(run.Output.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CancelledAndDeafToIt_IsKilledAfterAWhile()
    {
        var script = Write("trap '' TERM; echo begun; while :; do sleep 0.1; done");
        using var cancel = new CancellationTokenSource();
        var sent = new List<CommandOutput>();
        var running = RunAsync(script, [], TimeSpan.FromSeconds(60), sent: sent, cancelled: cancel.Token);
        await Support.Eventually.True(() => Count(sent) > 0, "it has begun");

        await cancel.CancelAsync();
        var run = await running;

        Assert.Equal((ScriptEnd.Cancelled, true, 137), (run.End, run.WasKilled, run.ExitCode));
    }

    [Fact]
    public async Task Run_WithoutACgroup_HoldsTheMemoryOfEachProcess()
    {
        var script = Write("ulimit -v; ulimit -c");

        var run = await RunAsync(script, [], TimeSpan.FromSeconds(60), limits: new ScriptLimits(TimeSpan.FromSeconds(60), 64 << 20, 0, 0));

        Assert.Equal(("65536\n0\n", "rlimits"), (Encoding.UTF8.GetString(run.Output.Span), run.Bounds));
    }

    /// <summary>Where a cgroup of version 2 can be made. Its controllers may belong to version 1 here; ending all that is in it needs none.</summary>
    [Fact]
    public async Task Run_InACgroup_EndsWhatLeftItsSession()
    {
        var root = Cgroups();
        Assert.SkipUnless(root is not null, "No cgroup of version 2 can be made here.");
        var mark = Path.Combine(_folder, "pid");
        var script = Write($"setsid sh -c 'echo $$ > {mark}; exec sleep 300' & while [ ! -s {mark} ]; do sleep 0.1; done; cat /proc/self/cgroup");
        try
        {
            var run = await RunAsync(script, [], TimeSpan.FromSeconds(60), cgroup: root);

            Assert.Contains("/command-", Encoding.UTF8.GetString(run.Output.Span), StringComparison.Ordinal);
            Assert.StartsWith("cgroup", run.Bounds, StringComparison.Ordinal);
            var left = (await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken)).Trim();
            await Support.Eventually.True(() => !IsRunning(left), "the one who left its session is ended");
            Assert.Empty(Directory.EnumerateDirectories(root!));
        }
        finally
        {
            Directory.Delete(root!);
        }
    }

    [Fact]
    public async Task Run_InACgroupOfMemory_IsKilledBeyondItAndSaysSo()
    {
        var root = Cgroups();
        Assert.SkipUnless(root is not null && new ScriptCgroups(root).Has("memory"), "No cgroup of version 2 with memory can be made here.");
        var script = Write("head -c 200000000 /dev/zero | tail");
        try
        {
            var run = await RunAsync(script, [], TimeSpan.FromSeconds(60), cgroup: root, limits: new ScriptLimits(TimeSpan.FromSeconds(60), 16 << 20, 64, 500));

            Assert.Equal((ScriptEnd.OutOfMemory, "cgroup"), (run.End, run.Bounds));
        }
        finally
        {
            Directory.Delete(root!);
        }
    }

    [Fact]
    public void Mounts_AreReadAsTheKernelWritesThem()
    {
        string[] mounts = ["30 24 0:26 / /sys rw - sysfs sysfs rw", "36 30 0:31 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"];

        Assert.Equal("/sys/fs/cgroup", ScriptCgroups.MountPoint(mounts));
        Assert.Null(ScriptCgroups.MountPoint(["x", "1 2 3 4 5 6", "- cgroup2"]));
        Assert.Equal("/system.slice/messaging-agent.service", ScriptCgroups.OwnPath(["3:cpu:/x", "0::/system.slice/messaging-agent.service"]));
        Assert.Null(ScriptCgroups.OwnPath(["3:cpu:/x"]));
    }

    [Fact]
    public void Limits_AboveTheDevices_AreRefusedByName()
    {
        var options = new CommandOptions { ScriptCpu = 50, ScriptTimeout = TimeSpan.FromSeconds(60) };

        Assert.Contains("ScriptTimeout", ScriptLimits.Check(options, new RunLimits(61, null, null, null, null)), StringComparison.Ordinal);
        Assert.Contains("ScriptMemory", ScriptLimits.Check(options, new RunLimits(null, 1L << 40, null, null, null)), StringComparison.Ordinal);
        Assert.Contains("ScriptProcesses", ScriptLimits.Check(options, new RunLimits(null, null, 257, null, null)), StringComparison.Ordinal);
        Assert.Contains("ScriptCpu", ScriptLimits.Check(options, new RunLimits(null, null, null, 501, null)), StringComparison.Ordinal);
        Assert.Contains("StreamBytes", ScriptLimits.Check(options, new RunLimits(null, null, null, null, (1 << 20) + 1)), StringComparison.Ordinal);
        Assert.Null(ScriptLimits.Check(options, new RunLimits(60, 1 << 20, 256, 500, 0)));
        Assert.Null(ScriptLimits.Check(new CommandOptions { ScriptMemory = 0 }, new RunLimits(null, 1L << 40, null, 256_000, null)));
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

    private static int Count(List<CommandOutput> sent)
    {
        lock (sent)
        {
            return sent.Count;
        }
    }

    /// <summary>An empty one below that of this process; null where that cannot be.</summary>
    private static string? Cgroups()
    {
        try
        {
            var path = ScriptCgroups.MountPoint(File.ReadLines("/proc/self/mountinfo"))
                + ScriptCgroups.OwnPath(File.ReadLines("/proc/self/cgroup"))?.TrimEnd('/') + "/messaging-test-" + Messaging.Wire.CommandId.Generate();
            Directory.CreateDirectory(path);
            return File.Exists(Path.Combine(path, "cgroup.procs")) ? path : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<ScriptRun> RunAsync(
        string script, string[] arguments, TimeSpan timeout, int tail = 65536, List<CommandOutput>? sent = null, int stream = 1 << 20,
        ScriptLimits? limits = null, string? cgroup = null, CancellationToken cancelled = default)
    {
        var id = Messaging.Wire.CommandId.Generate();
        sent ??= [];
        using var output = new OutputStream(
            id,
            stream,
            piece =>
            {
                lock (sent)
                {
                    sent.Add(piece);
                }

                return true;
            },
            TimeProvider.System);
        var order = new ScriptOrder
        {
            Path = script,
            Arguments = arguments,
            Limits = limits ?? new ScriptLimits(timeout, 0, 0, 0),
            TailBytes = tail,
            Grace = TimeSpan.FromSeconds(2),
            Name = id.ToString(),
        };
        var run = await new ScriptProcess(new ScriptCgroups(cgroup ?? "off"), TimeProvider.System).RunAsync(order, output, cancelled, TestContext.Current.CancellationToken);
        output.End();
        return run;
    }

    private ScriptCatalog Catalog() => new(new AgentOptions { Commands = { ScriptsDirectory = _folder } });

    private string Write(string body)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }
}
