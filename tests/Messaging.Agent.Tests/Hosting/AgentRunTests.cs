using System.Diagnostics;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

public sealed class AgentRunTests
{
    [Fact]
    public async Task Run_AfterEnrolment_SendsMetricsAnswersAPingAndStopsInTime()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var agent = await fixture.RunConnectedAsync();
        await control.UntilAsync(() => control.Records.Any(record => record.Type == RecordType.Metrics), "metrics");
        await control.UntilAsync(() => control.Records.Any(record => record.Type == RecordType.DeviceInfo), "device info");
        Assert.Contains(Events(control), one => one.Name == "agent.started");

        var ping = control.MakeCommand(CommandTypes.Ping);
        await control.SendAsync(ping);
        Assert.Equal("pong", (await control.ResultAsync(ping.Content.Id, CommandState.Done)).Message);

        var began = Stopwatch.GetTimestamp();
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "stopping took too long");
        Assert.Contains(Events(control), one => one.Name == "agent.stopping");
        Assert.Empty(control.Refused);
        Assert.False(File.Exists(Path.Combine(fixture.State, "running")));
    }

    [Fact]
    public async Task Run_StartedAgainAndAgain_OpensOneEpochAtEachStart()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        for (var start = 1UL; start <= 3; start++)
        {
            var agent = await fixture.RunConnectedAsync();
            Assert.Equal(start, control.Newest!.Parameters.EpochNo);

            // What control tells at a start, and a command answered after it, change nothing about the keys.
            await control.SendAsync(StreamId.Control, RecordType.Trust, fixture.Fleet.Trust.Encode());
            var ping = control.MakeCommand(CommandTypes.Ping);
            await control.SendAsync(ping);
            await control.ResultAsync(ping.Content.Id, CommandState.Done);
            agent.Terminate();
            Assert.Equal(0, await agent.ExitAsync());
            Assert.Equal(start, control.Newest.Parameters.EpochNo);
        }

        Assert.DoesNotContain(control.Records, record => record.Type == RecordType.KeyUpdate);
    }

    [Fact]
    public async Task Run_OverTls_ConnectsToThePinnedRelay()
    {
        await using var fixture = await AgentFixture.StartAsync(tls: true);
        await fixture.RunConnectedAsync();
    }

    [Fact]
    public async Task Run_KilledAgainAndAgain_DeliversEachLineOfAFileOnceAndEachRecordOfTheSpool()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var file = Path.Combine(fixture.Folder, "app.log");
        var lines = 0;
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        for (var round = 0; round < 4; round++)
        {
            var agent = await fixture.RunConnectedAsync($"Logs:Files={file}");
            for (var i = 0; i < 40; i++)
            {
                await File.AppendAllTextAsync(file, $"line {lines++}\n", TestContext.Current.CancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(i % 7), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            await agent.KillAsync();
        }

        await fixture.RunConnectedAsync($"Logs:Files={file}");
        await control.UntilAsync(() => Bodies(control).Count >= lines, $"{lines} lines", 60);
        Assert.Equal(Enumerable.Range(0, lines).Select(i => $"line {i}"), Bodies(control));
        Assert.Contains(Events(control), one => one.Attributes.Contains(new("previous", "unclean")));

        // Nothing of the spool is missing: the numbers of each stream have no holes.
        foreach (var stream in control.Records.Where(record => record.Stream != StreamId.Volatile).GroupBy(record => (record.Epoch, record.Stream)))
        {
            var numbers = stream.Select(record => record.Seq).Order().ToArray();
            Assert.Equal(Enumerable.Range(1, numbers.Length).Select(i => (ulong)i), numbers);
        }
    }

    [Fact]
    public async Task Run_KilledLongBeforeItsMeasurementsAreDue_DeliversThemExactlyOnceAfterTheNextStart()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        for (var round = 0; round < 3; round++)
        {
            var agent = await fixture.RunConnectedAsync("Uplink:MetricsFlush=1h");
            var began = Stopwatch.GetTimestamp();
            await Eventually.True(() => Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4), "time to measure");
            await agent.KillAsync();
        }

        Assert.Equal(2, control.Records.Count(record => record.Type == RecordType.Metrics));
        await fixture.RunConnectedAsync("Uplink:MetricsFlush=1h");
        await control.UntilAsync(() => control.Records.Count(record => record.Type == RecordType.Metrics) == 3, "what the third run had measured");

        // Every 250 ms for 4 s, less the second that may not have been saved and a slow start.
        var cpu = Points(control).Where(point => point.Name == "system.cpu.utilization" && point.Attributes.Length == 0).ToList();
        Assert.InRange(cpu.Count, 3 * 6, 1000);
        Assert.Equal(cpu.Count, cpu.Distinct().Count());
    }

    [Fact]
    public async Task Run_WhileControlAcknowledgesNothing_SendsAgainAndLosesNothing()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        control.Acknowledges = false;
        var agent = await fixture.RunConnectedAsync();
        await control.UntilAsync(() => control.Records.Count > 5, "records");
        await agent.KillAsync();
        var kept = control.Records.ToArray();

        control.Acknowledges = true;
        await fixture.RunConnectedAsync();
        await control.UntilAsync(
            () => control.Records.Count > kept.Length + 3 && Directory.GetFiles(Path.Combine(fixture.State, "spool")).Length > 0, "more records");
        var records = control.Records.ToArray();
        Assert.Equal(records.Length, records.Select(record => (record.Epoch, record.Stream, record.Seq)).Distinct().Count());
    }

    [Fact]
    public async Task Run_OfARevokedDevice_WaitsWithoutAStormAndKeepsItsData()
    {
        await using var fixture = await AgentFixture.StartAsync();
        await fixture.RunConnectedAsync();
        await fixture.Control.PublishDirectoryAsync(DirectoryStatus.Revoked);
        await fixture.Agent!.UntilOutputAsync("turned the device away", 30);

        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.InRange(fixture.Agent.Output.Split("turned the device away").Length - 1, 1, 4);
        Assert.False(fixture.Agent.HasExited);
    }

    [Fact]
    public async Task Run_AskedForSeriesByAServerThatForgotThem_TellsThemOrThatTheyAreLost()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var agent = await fixture.RunConnectedAsync();
        var control = fixture.Control;
        var reader = new MetricReader();
        var read = 0;

        // Once the first is acknowledged, those after it define nothing.
        await control.UntilAsync(
            () =>
            {
                foreach (var record in control.Records.Where(record => record.Type == RecordType.Metrics).Skip(read).ToList())
                {
                    reader.Read(record);
                    read++;
                }

                return read > 2 && reader.Definitions == 0;
            },
            "a record without definitions");
        var former = control.Newest!.EpochId;
        await control.SendAsync(StreamId.Control, RecordType.SeriesRequest, new SeriesRequest(former, [0, 65_000]).Encode());
        await control.UntilAsync(() => Answers(control).Count() == 2, "the answers");

        Assert.Equal([0U], Answers(control).SelectMany(answer => answer.Known).Select(pair => pair.Key));
        Assert.Equal([65_000U], Answers(control).SelectMany(answer => answer.Lost));

        await agent.KillAsync();
        await fixture.RunConnectedAsync();
        await control.UntilAsync(() => control.Newest!.EpochId != former, "another epoch");
        await control.SendAsync(StreamId.Control, RecordType.SeriesRequest, new SeriesRequest(former, [0]).Encode());
        await control.UntilAsync(() => Answers(control).Count() == 3, "the answer of another process");

        Assert.Equal([0U], Answers(control).Last().Lost);
    }

    [Fact]
    public async Task Run_WhileSomebodyLooks_SendsMeasurementsSoon()
    {
        await using var fixture = await AgentFixture.StartAsync();
        await fixture.RunConnectedAsync("Uplink:MetricsFlush=1h", "Uplink:MetricsFlushWatched=100ms");
        Assert.DoesNotContain(fixture.Control.Records, record => record.Type == RecordType.Metrics);

        await fixture.Control.SendAsync(StreamId.Control, RecordType.Watch, new Watch(TimeSpan.FromMinutes(5)).Encode());

        await fixture.Control.UntilAsync(() => fixture.Control.Records.Count(record => record.Type == RecordType.Metrics) > 2, "measurements, again and again");
    }

    [Fact]
    public async Task Run_Twice_SaysThatOneRuns()
    {
        await using var fixture = await AgentFixture.StartAsync();
        await fixture.RunConnectedAsync();

        var (code, output) = await AgentProcess.RunAsync(fixture.State, "run");

        Assert.Equal(75, code);
        Assert.Contains("Another agent uses", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutEnrolment_SaysSoAndExits78()
    {
        var folder = Directory.CreateTempSubdirectory("messaging-agent-").FullName;
        var (code, output) = await AgentProcess.RunAsync(folder, "run");
        Directory.Delete(folder, recursive: true);

        Assert.Equal(78, code);
        Assert.Contains("not enrolled", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys", 78)]
    [InlineData("enrolment", 78)]
    [InlineData("fleet", null)]
    [InlineData("epoch", null)]
    [InlineData("trust", null)]
    [InlineData("commands", null)]
    [InlineData("running", null)]
    public async Task Run_WithAHarmedStateFile_RecoversOrSaysWhatToDo(string name, int? expected)
    {
        await using var fixture = await AgentFixture.StartAsync();
        var agent = await fixture.RunConnectedAsync();
        var ping = fixture.Control.MakeCommand(CommandTypes.Ping);
        await fixture.Control.SendAsync(ping);
        await fixture.Control.ResultAsync(ping.Content.Id, CommandState.Done);
        await agent.KillAsync();
        var path = Path.Combine(fixture.State, name);
        var original = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        foreach (var harmed in new byte[][] { [], original[..(original.Length / 2)], [.. original[..^1], (byte)(original[^1] ^ 1)], new byte[400_000] })
        {
            await File.WriteAllBytesAsync(path, harmed, TestContext.Current.CancellationToken);
            if (expected is { } code)
            {
                var (actual, output) = await AgentProcess.RunAsync(fixture.State, "run");
                Assert.Equal(code, actual);
                Assert.Contains("--force", output, StringComparison.Ordinal);
            }
            else
            {
                agent = await fixture.RunConnectedAsync();
                await agent.KillAsync();
            }
        }
    }

    private static List<string> Bodies(FakeControl control) => [.. control.Records
        .Where(record => record.Type == RecordType.Logs)
        .SelectMany(record => LogBatch.TryDecode(record.Content, out var batch) ? batch.Entries : [])
        .Select(entry => entry.Body)];

    private static IEnumerable<(string Name, string Attributes, long MonoMs)> Points(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.Metrics)
        .SelectMany(new MetricReader().Read)
        .SelectMany(series => series.Points.Select(point => (series.Name, string.Join(",", series.Attributes), point.MonoMs)));

    private static IEnumerable<SeriesAnswer> Answers(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.SeriesAnswer)
        .Select(record => SeriesAnswer.TryDecode(record.Content, out var answer) ? answer : throw new InvalidDataException());

    private static IEnumerable<DeviceEvent> Events(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.Event)
        .SelectMany(record => EventBatch.TryDecode(record.Content, out var batch) ? batch.Events : []);
}
