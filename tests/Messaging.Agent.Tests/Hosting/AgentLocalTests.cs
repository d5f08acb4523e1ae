using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Messaging.Agent.Tests.Local;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The real agent and other programs of its device.</summary>
public sealed class AgentLocalTests
{
    [Fact]
    public async Task Socket_MetricsEventsAndLogs_ArriveWithTheirSenderAfterTheAnswer()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture);
        using var program = await LocalProgram.ConnectAsync(socket);

        await program.SendAsync("metric tank.level 12.5 unit=% tank=north\nmetric tank.level 13 unit=% tank=north\nnonsense\nevent door.opened severity=warn\nlog error \"pump stuck\" source=plc\n");
        Assert.Equal(
            ["ok", "ok", "error 'nonsense' is no request, or has the wrong number of words", "ok", "ok"],
            [await program.ReadAsync(), await program.ReadAsync(), await program.ReadAsync(), await program.ReadAsync(), await program.ReadAsync()]);

        var control = fixture.Control;
        await control.UntilAsync(() => Series(control).Any() && Events(control).Any(e => e.Name == "door.opened") && Lines(control).Any(), "all arrive", 60);
        var uid = Uid();
        var series = Assert.Single(Series(control));
        Assert.Equal([12.5, 13], series.Points.Select(point => point.Value));
        Assert.Equal(("%", MetricKind.Gauge), (series.Unit, series.Kind));
        Assert.Equal([new("tank", "north"), new("local.uid", uid)], series.Attributes);
        var happened = Assert.Single(Events(control), e => e.Name == "door.opened");
        Assert.Equal(13, happened.Severity);
        Assert.Equal([new("local.uid", uid), new("local.pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture))], happened.Attributes);
        var line = Assert.Single(Lines(control));
        Assert.Equal((17, "plc", "pump stuck"), (line.Severity, line.Source.Name, line.Body));
    }

    [Fact]
    public async Task Socket_AnsweredLines_SurviveAKill()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture);
        fixture.Control.Acknowledges = false;
        using (var program = await LocalProgram.ConnectAsync(socket))
        {
            for (var i = 0; i < 20; i++)
            {
                await program.SendAsync($"event step.{i}\n");
            }

            for (var i = 0; i < 20; i++)
            {
                Assert.Equal("ok", await program.ReadAsync());
            }
        }

        await fixture.Agent!.KillAsync();
        fixture.Control.Acknowledges = true;
        await RunAsync(fixture);

        var expected = Enumerable.Range(0, 20).Select(i => $"step.{i}").ToHashSet();
        await fixture.Control.UntilAsync(() => expected.IsSubsetOf(Events(fixture.Control).Select(e => e.Name)), "every confirmed event", 60);
    }

    [Fact]
    public async Task Socket_LongAndBrokenLines_AreRefusedAndTheRestGoesOn()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture, "Local:LineBytes=256");
        using var program = await LocalProgram.ConnectAsync(socket);

        await program.SendAsync("ping " + new string('x', 5000) + "\nping\n");

        Assert.Equal("error the line is longer than 256 bytes", await program.ReadAsync());
        Assert.Equal("ok", await program.ReadAsync());
        Assert.Equal("error another.app is not in Local:Apps", await program.AskAsync("listen another.app"));
        Assert.Equal("error no command 00 is with this program", await program.AskAsync("done 00"));
        Assert.Equal("ok", await program.AskAsync("ping"));
    }

    [Fact]
    public async Task Socket_MoreProgramsOrLinesThanAllowed_WaitAndAreServed()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture, "Local:MaxConnections=1", "Local:LinesPerSecond=4");
        var first = await LocalProgram.ConnectAsync(socket);
        Assert.Equal("ok", await first.AskAsync("ping"));
        using var second = await LocalProgram.ConnectAsync(socket);
        await second.SendAsync("ping\n");

        await first.SendAsync(string.Concat(Enumerable.Repeat("ping\n", 9)));
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("ok", await first.ReadAsync());
        }

        var answer = second.ReadAsync();
        Assert.False(answer.IsCompleted);
        first.Dispose();
        Assert.Equal("ok", await answer);
    }

    [Fact]
    public async Task App_CommandToAProgram_StreamsItsOutputAndResult()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture);
        using var program = await LocalProgram.ConnectAsync(socket);
        Assert.Equal("ok", await program.AskAsync("listen plc"));
        using (var second = await LocalProgram.ConnectAsync(socket))
        {
            Assert.Equal("error another program listens as plc", await second.AskAsync("listen plc"));
        }

        var command = Make(fixture, new AppArguments("plc", ["set", "a \"b\""], new byte[] { 1, 2, 3 }));
        await fixture.Control.SendAsync(command);
        var id = command.Content.Id.ToString();
        Assert.Equal($"command {id} plc \"set\" \"a \\\"b\\\"\" payload=AQID", await program.ReadAsync());
        Assert.Equal("ok", await program.AskAsync($"output {id} \"one line\""));
        Assert.Equal("ok", await program.AskAsync($"failed {id} \"no such register\""));

        var report = await fixture.Control.ResultAsync(command.Content.Id, CommandState.Failed);
        Assert.Equal(("no such register", "one line\n"), (report.Message, Encoding.UTF8.GetString(report.Output.Span)));
        Assert.Equal($"error no command {id} is with this program", await program.AskAsync($"done {id}"));
    }

    [Fact]
    public async Task App_NobodyListensGoesAwayOrIsSilent_EndsHonestly()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture, "Local:AppTimeout=1s");
        var nobody = Make(fixture, new AppArguments("plc", [], default));
        await fixture.Control.SendAsync(nobody);
        Assert.Equal("No program listens as plc now.", (await fixture.Control.ResultAsync(nobody.Content.Id, CommandState.Failed)).Message);
        var other = Make(fixture, new AppArguments("other", [], default));
        await fixture.Control.SendAsync(other);
        Assert.Contains("Local:Apps", (await fixture.Control.ResultAsync(other.Content.Id, CommandState.Rejected)).Message, StringComparison.Ordinal);

        using (var program = await LocalProgram.ConnectAsync(socket))
        {
            Assert.Equal("ok", await program.AskAsync("listen plc"));
            var silent = Make(fixture, new AppArguments("plc", [], default));
            await fixture.Control.SendAsync(silent);
            Assert.Contains("did not say", (await fixture.Control.ResultAsync(silent.Content.Id, CommandState.Unknown)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task App_ProgramGoesAway_IsUnknown()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture);
        var command = Make(fixture, new AppArguments("plc", [], default));
        using (var program = await LocalProgram.ConnectAsync(socket))
        {
            Assert.Equal("ok", await program.AskAsync("listen plc"));
            await fixture.Control.SendAsync(command);
            Assert.StartsWith("command ", await program.ReadAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("went away", (await fixture.Control.ResultAsync(command.Content.Id, CommandState.Unknown)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_FilesMovedIn_AreSentOnceAndBadOnesRejected()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var drop = Directory.CreateDirectory(Path.Combine(fixture.Folder, "drop")).FullName;
        Put(drop, "a.metrics", "# a comment\ntank.level 5 unit=%\n\ntank.level 6 unit=%\n");
        Put(drop, "b.events", "door.opened severity=warn\n");
        var written = File.GetLastWriteTimeUtc(Path.Combine(drop, "b.events"));
        Put(drop, "c.events", "fine\nnot fine\n");
        Put(drop, "d.txt", "x");
        File.CreateSymbolicLink(Path.Combine(drop, "f.events"), Path.Combine(fixture.State, "keys"));
        await fixture.RunConnectedAsync("Local:Drop=" + drop);

        var control = fixture.Control;
        await Eventually.True(() => Directory.GetFiles(drop).Length == 0, "the folder is empty; " + fixture.Agent!.Output);
        await control.UntilAsync(() => Series(control).Any() && Events(control).Any(e => e.Name == "door.opened"), "both arrive", 60);
        Assert.Equal([5.0, 6], Assert.Single(Series(control)).Points.Select(point => point.Value));
        Assert.DoesNotContain(Events(control), e => e.Name == "fine");

        // As after a crash before the file was deleted.
        Put(drop, "b.events", "door.opened severity=warn\n", written);
        Put(drop, "e.events", "door.closed\n");
        await control.UntilAsync(() => Events(control).Any(e => e.Name == "door.closed"), "the next one arrives", 60);
        Assert.Single(Events(control), e => e.Name == "door.opened");
        await Eventually.True(() => Directory.GetFiles(drop).Length == 0, "the folder is empty again");
        Assert.Equal(
            ["c.events", "c.events.reason", "d.txt", "d.txt.reason", "f.events", "f.events.reason"],
            Directory.GetFiles(Path.Combine(drop, "rejected")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("it is a link\n", await File.ReadAllTextAsync(Path.Combine(drop, "rejected/f.events.reason"), TestContext.Current.CancellationToken));
        Assert.Equal("line 2: 'fine' is not key=value; a text with blanks stands in quotes\n", await File.ReadAllTextAsync(Path.Combine(drop, "rejected/c.events.reason"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Example_Script_SendsAndObeys()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var socket = await RunAsync(fixture);
        Tool.Require("/usr/bin/socat", "socat");
        var script = Path.GetFullPath(Path.Combine(Here(), "../../../firmware-scripts/examples/local-program.sh"));
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", [script, socket, "plc"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        try
        {
            // It says so when it listens.
            Assert.Equal("listening as plc", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
            var command = Make(fixture, new AppArguments("plc", ["hello", "two words"], default));
            await fixture.Control.SendAsync(command);

            var report = await fixture.Control.ResultAsync(command.Content.Id, CommandState.Done);
            Assert.Equal("got \"hello\" \"two words\"\n", Encoding.UTF8.GetString(report.Output.Span));
            await fixture.Control.UntilAsync(() => Series(fixture.Control, "example.started").Any(), "its metric arrives", 60);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
    }

    private static void Put(string folder, string name, string content, DateTime? written = null)
    {
        File.WriteAllText(Path.Combine(folder, "." + name), content);
        if (written is { } at)
        {
            File.SetLastWriteTimeUtc(Path.Combine(folder, "." + name), at);
        }

        File.Move(Path.Combine(folder, "." + name), Path.Combine(folder, name));
    }

    private static async Task<string> RunAsync(AgentFixture fixture, params string[] settings)
    {
        var socket = Path.Combine(fixture.Folder, "local.sock");
        await fixture.RunConnectedAsync(
            ["Local:Enabled=yes", "Local:Socket=" + socket, "Local:Apps=plc", "Local:Flush=50ms", "Commands:Allow=ping,app", .. settings]);
        return socket;
    }

    private static Command Make(AgentFixture fixture, AppArguments arguments) =>
        fixture.Control.MakeCommand(CommandTypes.App, change: c => c with { Arguments = arguments.Encode(), Freshness = fixture.Control.Fresh() });

    private static string Uid() => File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    private static IEnumerable<MetricSeries> Series(FakeControl control, string name = "tank.level") => control.Records.Where(r => r.Type == RecordType.Metrics)
        .SelectMany(new MetricReader().Read).Where(series => series.Name == name);

    private static IEnumerable<DeviceEvent> Events(FakeControl control) => control.Records.Where(r => r.Type == RecordType.Event)
        .SelectMany(r => EventBatch.TryDecode(r.Content, out var batch) ? batch.Events : []);

    private static IEnumerable<LogEntry> Lines(FakeControl control) => control.Records.Where(r => r.Type == RecordType.Logs)
        .SelectMany(r => LogBatch.TryDecode(r.Content, out var batch) ? batch.Entries : []);
}
