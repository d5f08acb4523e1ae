using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>An agent on a machine whose clock is wrong, and that is offline at first.</summary>
public sealed class WrongClockTests
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);
    private readonly List<(string Body, DateTimeOffset Before, DateTimeOffset After)> _written = [];

    [Fact]
    public async Task Agent_UnderAWrongClockAndOfflineAtFirst_HasItsDataAtTheRightTime()
    {
        await using var fleet = await SplitFleet.Start();
        await fleet.Control.KillNow();
        await fleet.Relay.KillNow();
        var began = Now();

        // A clock that was never set; then one that is far ahead, and that the owner says to believe.
        await LiveAsync(fleet, "-400d", "behind", "Clock:Believe=synchronised");
        await LiveAsync(fleet, "+400d", "believed", "Clock:Believe=always");
        await StartAsync(fleet, "-400d", "Clock:Believe=synchronised");
        await fleet.StartRelay();
        await fleet.StartControl();

        var known = await Eventually.Get("a beacon comes", StartUp, fleet.AgentStatus, static status => status["time"]!["knownBy"]!.GetValue<string>() == "beacon");
        Assert.Equal("contradicted", known["time"]!["clock"]!.GetValue<string>());
        Assert.InRange(known["time"]!["notBefore"]!.GetValue<DateTimeOffset>(), began, Now() + Slack);
        await Eventually.Get("everything has a time", StartUp, () => fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/logs?limit=1000"), page =>
            _written.All(line => Line(page, line.Body)?["timeQuality"]!.GetValue<string>() == "anchored"));

        var page = await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/logs?limit=1000");
        Assert.All(_written, line => Assert.InRange(Line(page, line.Body)!["time"]!.GetValue<DateTimeOffset>(), line.Before - Slack, line.After + Slack));
        await Eventually.Get("the points of the time offline are there", StartUp, () => PointsAsync(fleet), points => points.Any(time => time < _written[0].After + Slack));
        Assert.All(await PointsAsync(fleet), time => Assert.InRange(time, began - Slack, Now() + Slack));
        var boot = Assert.Single((await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/boots"))["items"]!.AsArray())!;
        Assert.Equal(("anchored", 0L), (boot["timeQuality"]!.GetValue<string>(), boot["unplacedPoints"]!.GetValue<long>()));
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private static JsonNode? Line(JsonNode page, string body) => page["items"]!.AsArray().FirstOrDefault(line => line!["body"]!.GetValue<string>() == body);

    private static Task StartAsync(SplitFleet fleet, string offset, string setting)
    {
        const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
        var library = File.Exists(Library) ? Library : Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).First();
        return fleet.StartAgent(
            new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["FAKETIME"] = offset, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1" }, setting);
    }

    /// <summary>Runs the agent until what it measured and read is in its spool, and kills it.</summary>
    private async Task LiveAsync(SplitFleet fleet, string offset, string clock, string setting)
    {
        await StartAsync(fleet, offset, setting);
        var status = await Eventually.Get("the agent runs", StartUp, fleet.AgentStatus, static status => status["time"] is not null);
        Assert.Equal(clock, status["time"]!["clock"]!.GetValue<string>());
        var body = string.Create(CultureInfo.InvariantCulture, $"line {_written.Count} under {offset}");
        var before = Now();
        await File.AppendAllTextAsync(fleet.FollowedFile, body + "\n", TestContext.Current.CancellationToken);
        var waiting = status["spool"]!["unackedRecords"]!.GetValue<long>();
        await Eventually.Get("the line is read", StartUp, fleet.AgentStatus, static now => now["logs"]!.AsArray().Any(static source => source!["lines"]?.GetValue<long>() > 0));
        await Eventually.Get("more is in the spool", StartUp, fleet.AgentStatus, now => now["spool"]!["unackedRecords"]!.GetValue<long>() > waiting + 2);
        _written.Add((body, before, Now()));
        await fleet.Agent.KillNow();
    }

    private static async Task<List<DateTimeOffset>> PointsAsync(SplitFleet fleet)
    {
        var points = await fleet.Api.Get($"/api/v1/devices/{fleet.DeviceId}/metrics?name=system.cpu.utilization&limit=100000&from=0&to={Now().AddYears(5).ToUnixTimeMilliseconds()}");
        return [.. points["points"]!.AsArray().Select(static point => point!["time"]!.GetValue<DateTimeOffset>())];
    }
}
