using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>Who has too much says so, and whoever hears it waits, without anything being lost.</summary>
public sealed class BackPressureTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Pause_ByAnOperator_KeepsLinesBackWhileCommandsGoOnAndEndsWhenItIsEnded()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent();
        await Lines(fleet, "before", 1);

        await fleet.Api.Put($"/api/v1/devices/{fleet.DeviceId}/pause", new JsonObject { ["seconds"] = 3600 });
        var paused = await Eventually.Get("the device is paused", Soon, fleet.AgentStatus, static status => status["uplink"]?["held"]?.GetValue<string>() == "pause");
        Assert.Equal("operator", paused["uplink"]!["pausedBy"]!.GetValue<string>());
        Assert.Equal("operator", (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}"))["pause"]!["by"]!.GetValue<string>());

        // A command goes down and its result comes up, past the line that waits before it.
        await File.AppendAllTextAsync(fleet.FollowedFile, "during 0\n");
        await Eventually.Get("the line is in the spool", Soon, fleet.AgentStatus, static status => status["logs"]!.AsArray().Any(static log => log!["lines"]!.GetValue<long>() >= 2));
        var ping = await fleet.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, Soon);
        Assert.Equal("done", ping["state"]!.GetValue<string>());
        Assert.Empty(await fleet.Api.LogBodies(fleet.DeviceId, "during "));

        // An agent that is started anew is told again.
        await fleet.Agent.KillNow();
        await fleet.StartAgent();
        await Eventually.Get("the device is paused again", Soon, fleet.AgentStatus, static status => status["uplink"]?["held"]?.GetValue<string>() == "pause");

        await fleet.Api.Delete($"/api/v1/devices/{fleet.DeviceId}/pause");
        await Eventually.Is("the line arrives", Soon, async () => (await fleet.Api.LogBodies(fleet.DeviceId, "during ")).Count == 1);
        var audit = (await fleet.Api.Get("/api/v1/audit"))["items"]!.AsArray().Select(static entry => entry!["action"]!.GetValue<string>()).ToList();
        Assert.Contains("device.pause", audit);
        Assert.Contains("device.resume", audit);
    }

    [Fact]
    public async Task Relay_ThatStops_SaysWhenToComeBackAndTheDeviceDoes()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent();
        await Lines(fleet, "before", 1);

        fleet.Relay.Terminate();
        await fleet.Relay.WaitForExit(Soon);

        // In its log, since the status soon tells of the next attempt instead.
        await fleet.Agent.WaitForLine("ServerShuttingDown", Soon);
        await fleet.StartRelay();
        await Lines(fleet, "after", 1);
    }

    [Fact]
    public async Task DailyBytes_UsedUp_KeepsLinesBackAndCountsOverAKill()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent("Uplink:DailyBytes=1MiB");
        await Lines(fleet, "before", 1);

        // What does not compress.
        var noise = Enumerable.Range(0, 1200).Select(static i => $"noise {i:D4} {Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(900))}");
        await File.AppendAllLinesAsync(fleet.FollowedFile, noise);
        var status = await Eventually.Get("the day is used up", Soon, fleet.AgentStatus, static status => status["uplink"]?["held"]?.GetValue<string>() == "data");
        var used = status["uplink"]!["dataUsed"]!.GetValue<long>();
        Assert.InRange(used, 900_000, 2_000_000);
        Assert.Contains(status["problems"]!.AsArray(), static problem => problem!["area"]!.GetValue<string>() == "data");

        await fleet.Agent.KillNow();
        await fleet.StartAgent("Uplink:DailyBytes=1MiB");
        await fleet.Online(Soon);
        var ping = await fleet.Api.Run(fleet.DeviceId, new JsonObject { ["type"] = "ping" }, Soon);
        Assert.Equal("done", ping["state"]!.GetValue<string>());
        Assert.True((await fleet.AgentStatus())["uplink"]!["dataUsed"]!.GetValue<long>() >= used);
        var events = (await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/events"))["items"]!.AsArray().Select(static one => one!["name"]!.GetValue<string>()).ToList();
        Assert.Contains("uplink.data.reached", events);
    }

    private static async Task Lines(SplitFleet fleet, string name, int count)
    {
        await File.AppendAllLinesAsync(fleet.FollowedFile, Enumerable.Range(0, count).Select(i => $"{name} {i}"));
        await Eventually.Is($"lines {name} arrive", Soon, async () => (await fleet.Api.LogBodies(fleet.DeviceId, name + " ")).Count == count);
    }
}
