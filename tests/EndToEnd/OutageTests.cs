using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A server that is down for a long time costs nothing.</summary>
public sealed class OutageTests
{
    /// <summary>An hour of measurements every second and of log lines every two: more than is on its way, or taken ahead, at once.</summary>
    private const long Records = 5400;
    private static readonly TimeSpan Backlog = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(4);

    /// <summary>The hour is lived through faster: everything is measured, sealed and spooled every few milliseconds.</summary>
    private static readonly string[] Fast =
    [
        "Uplink:MetricsFlush=100ms", "Uplink:LogsFlush=10ms", "Logs:Poll=10ms", "Spool:SyncInterval=100ms", "Spool:SegmentBytes=1MiB",
        .. "cpu,disk,load,memory,network,paging,uptime".Split(',').Select(static name => $"Intervals:{name}=100ms"),
    ];

    [Fact]
    public async Task Server_DownForAnHoursWorthOfRecords_GetsEachOneExactlyOnce()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent(Fast);
        await fleet.Online(TimeSpan.FromSeconds(60));
        await fleet.Control.KillNow();
        await fleet.Relay.KillNow();

        await using var writer = LineWriter.Start(fleet.FollowedFile, TimeSpan.FromMilliseconds(5));
        await Waiting(fleet, Records / 2);
        await fleet.Agent.KillNow();
        await fleet.StartAgent(Fast);
        await Waiting(fleet, Records);
        var lines = await writer.Stop();
        var before = await fleet.AgentStatus();
        Assert.NotEmpty(before["problems"]!.AsArray());

        await fleet.StartRelay();
        await fleet.StartControl();

        await Eventually.Get("the backlog is confirmed", CatchUp, fleet.AgentStatus, static status => status["spool"]!["unackedRecords"]!.GetValue<long>() < 100);
        var stored = await Eventually.Get(
            "the last line is stored", CatchUp, () => fleet.Api.LogBodies(fleet.DeviceId, "line "), found => found.Count >= lines.Count);

        // What the relay had no subscriber for came again, behind what followed it: the store keeps the order of arrival.
        Assert.Equal(lines, stored.Order(StringComparer.Ordinal));
        Assert.Empty((await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/gaps"))["items"]!.AsArray());
        Assert.Equal(0, (await fleet.AgentStatus())["spool"]!["droppedRecords"]!.GetValue<long>());

        // The epochs of the agent that was killed and of the one after it are whole; what was collected after the outage went in another.
        var epochs = StoredEpochs.Read(fleet.TelemetryDatabase);
        Assert.InRange(epochs.Count, 2, 3);
        Assert.All(epochs.SkipLast(1), static epoch => Assert.Empty(epoch.MissingUpToItsEnd));
        Assert.InRange(epochs.Sum(static epoch => epoch.StoredThrough.Values.Sum(static through => (long)through)), Records, long.MaxValue);
    }

    private static Task Waiting(SplitFleet fleet, long records) => Eventually.Get(
        $"{records} records wait in the spool", Backlog, fleet.AgentStatus, status => status["spool"]!["unackedRecords"]!.GetValue<long>() >= records);
}
