using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Tests.Hosting;

public sealed class AgentRunTests : IDisposable
{
    private static readonly string[] Fast =
    [
        "--set", "Uplink:MetricsFlush=00:00:01", "--set", "Uplink:LogsFlush=00:00:00.2", "--set", "Intervals:cpu=00:00:00.5",
        "--set", "Uplink:ResendAfter=00:00:02", "--set", "Transport:BackoffMinimum=00:00:00.2", "--set", "Logs:Journal=off",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_AfterEnrolment_SendsMetricsAndAnswersAPing()
    {
        await using var fleet = await FakeFleet.StartAsync();
        await using var control = new FakeControl(fleet);
        var (code, output) = await AgentProcess.RunAsync(_folder, "enroll", fleet.Token());
        Assert.True(code == 0, output);
        await control.ConnectAsync();

        await using var agent = new AgentProcess(_folder, ["run", .. Fast]);
        await control.UntilAsync(() => control.Records.Any(record => record.Type == RecordType.Metrics), "metrics; " + agent.Output);
        await control.UntilAsync(() => control.Records.Any(record => record.Type == RecordType.DeviceInfo), "device info");
        var events = control.Records.Where(record => record.Type == RecordType.Event)
            .SelectMany(record => EventBatch.TryDecode(record.Content, out var batch) ? batch.Events : []);
        Assert.Contains(events, one => one.Name == "agent.started");

        var ping = control.MakeCommand(CommandTypes.Ping);
        await control.SendAsync(ping);
        var report = await control.ResultAsync(ping.Content.Id, CommandState.Done);
        Assert.Equal("pong", report.Message);

        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync(10));
        Assert.Empty(control.Refused);
    }
}
