using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>What is in the spool is in the store exactly once, whatever is killed and when.</summary>
public sealed class KillTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Kill_OfServerRelayAndAgentTwentyTimes_LosesNothingAndDoublesNothing()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent();
        await using var writer = LineWriter.Start(fleet.FollowedFile, TimeSpan.FromMilliseconds(15));

        for (var kill = 0; kill < Kills; kill++)
        {
            await Pause(300, 1500);
            // Each of the three in turn first, so that none is spared by chance; then at random.
            switch (kill < 3 ? kill : RandomNumberGenerator.GetInt32(3))
            {
                case 0:
                    await fleet.Control.KillNow();
                    await Pause(0, 700);
                    await fleet.StartControl();
                    break;
                case 1:
                    await fleet.Relay.KillNow();
                    await Pause(0, 700);
                    await fleet.StartRelay();
                    break;
                default:
                    await fleet.Agent.KillNow();
                    await Pause(0, 700);
                    await fleet.StartAgent();
                    break;
            }
        }

        var written = await writer.Stop();
        Assert.True(written.Count > 100, $"Only {written.Count} lines were written while processes were killed.");

        var lines = await Eventually.Get(
            "all lines are stored", TimeSpan.FromSeconds(180), () => fleet.Api.LogBodies(fleet.DeviceId, "line "), stored => stored.Count >= written.Count);
        Assert.Equal(written, InOrder(lines));

        // Each start of the agent told the server what the start before had put into the spool; all of it must be there.
        var epochs = StoredEpochs.Read(fleet.TelemetryDatabase);
        Assert.True(epochs.Count >= 2, "The agent was restarted, so there must be several epochs.");
        Assert.All(epochs.SkipLast(1), static epoch => Assert.Empty(epoch.MissingUpToItsEnd));
        Assert.Empty((await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/gaps"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Agent_DownForAWhile_ShowsTheGapInItsSeries()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent();
        await Eventually.Is("points before the gap", TimeSpan.FromSeconds(60), async () => (await Points(fleet)).Count(static point => point.Value is not null) >= 8);

        await fleet.Agent.KillNow();
        var killed = Now();
        await Pause(6000, 6001);
        var started = Now();
        await fleet.StartAgent();

        var points = await Eventually.Get(
            "points after the gap", TimeSpan.FromSeconds(60), () => Points(fleet), points => points.Any(point => point.Value is not null && point.Time > started));
        // A machine that has no time for the agent makes gaps of its own; the line must be broken exactly between these two points.
        var before = points.FindLastIndex(point => point.Value is not null && point.Time <= killed);
        var after = points.FindIndex(point => point.Value is not null && point.Time > started);
        Assert.Equal(before + 2, after);
        Assert.Null(points[before + 1].Value);
        Assert.True(points.Take(before + 1).Count(static point => point.Value is null) < before / 2, "A line without a gap is broken too.");
    }

    [Fact]
    public async Task Server_DownWhileTheAgentCollects_HasEverythingAfterwards()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.StartAgent();
        await fleet.Online(TimeSpan.FromSeconds(60));
        await fleet.Control.KillNow();
        await fleet.Relay.KillNow();
        var lines = Enumerable.Range(0, 5000).Select(static i => $"line {i:D6} while nobody listened").ToList();
        foreach (var chunk in lines.Chunk(500))
        {
            await File.AppendAllLinesAsync(fleet.FollowedFile, chunk);
            await Pause(100, 300);
        }

        await fleet.Agent.KillNow();
        await fleet.StartAgent();
        await fleet.StartRelay();
        await fleet.StartControl();

        var stored = await Eventually.Get(
            "all lines are stored", TimeSpan.FromSeconds(180), () => fleet.Api.LogBodies(fleet.DeviceId, "line "), found => found.Count >= lines.Count);
        Assert.Equal(lines, InOrder(stored));
    }

    /// <summary>The store keeps the order of arrival: what was lost on the way came again, behind what followed it.</summary>
    private static IEnumerable<string> InOrder(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<List<(long Time, double? Value)>> Points(SplitFleet fleet)
    {
        var answer = await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/metrics/series?name=system.cpu.utilization&maxPoints=1000");
        var total = answer["series"]!.AsArray().SingleOrDefault(static series => series!["attributes"] is not JsonObject { Count: > 0 });
        return total is null
            ? []
            : [.. total["times"]!.AsArray().Zip(total["values"]!.AsArray(), static (time, value) => (time!.GetValue<long>(), value?.GetValue<double>()))];
    }

    private static Task Pause(int fromMilliseconds, int toMilliseconds) => Task.Delay(
        TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(fromMilliseconds, toMilliseconds)), TimeProvider.System, TestContext.Current.CancellationToken);
}
