using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>The main job as a new user and a script meet it: one command, one machine, real data.</summary>
public sealed class DemoTests(DemoFixture fixture) : IClassFixture<DemoFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private Demo Demo => fixture.Demo;

    private string Device => $"/api/v1/devices/{Demo.DeviceId}";

    [Fact]
    public void Ready_FileWithTheToken_IsReadableByItsOwnerAlone()
    {
        var mode = File.GetUnixFileMode(Path.Combine(Demo.Data, "ready.json"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Equal(Demo.Process.Id, Demo.Ready["pid"]!.GetValue<int>());
    }

    [Fact]
    public async Task Devices_AfterReady_ListsThisMachineOnline()
    {
        var devices = await Demo.Api.Get("/api/v1/devices");

        var device = Assert.Single(devices["items"]!.AsArray());
        Assert.Equal(Demo.DeviceId, device!["id"]!.GetValue<string>());
        Assert.True(device["online"]!.GetValue<bool>());
        Assert.Equal(Environment.MachineName, device["hostname"]!.GetValue<string>());
    }

    [Fact]
    public async Task Metrics_Memory_AgreesWithTheKernel()
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var expected = ProcStat.MemoryUtilization();

        var point = await FirstPointAfter("system.memory.utilization", from);

        Assert.InRange(point["value"]!.GetValue<double>(), expected - 0.05, expected + 0.05);
    }

    [Fact]
    public async Task Metrics_Cpu_AgreesWithTheKernelOverTheSameTime()
    {
        var (busyBefore, totalBefore) = ProcStat.Cpu();
        var from = TimeProvider.System.GetUtcNow();
        var enough = await Eventually.Get("six CPU points", Soon, () => Points("system.cpu.utilization", from), static points => points.Count >= 6);
        var (busyAfter, totalAfter) = ProcStat.Cpu();

        var kernel = (busyAfter - busyBefore) / (totalAfter - totalBefore);
        var agent = enough.Average(static point => point["value"]!.GetValue<double>());
        Assert.InRange(agent, kernel - 0.25, kernel + 0.25);
        Assert.All(enough, static point => Assert.InRange(point["value"]!.GetValue<double>(), 0, 1));
    }

    [Fact]
    public async Task MetricNames_OfTheDevice_FollowOpenTelemetryConventions()
    {
        var names = (await Demo.Api.Get($"{Device}/metrics/names"))["items"]!.AsArray()
            .Select(static item => item!["name"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(
            new HashSet<string>(["system.cpu.utilization", "system.memory.utilization", "system.memory.usage", "system.filesystem.usage", "system.network.io", "system.uptime"]),
            names);
    }

    [Fact]
    public async Task Logs_LineAppendedToTheFollowedFile_ArrivesWithinFiveSeconds()
    {
        var line = $"a line of the end-to-end test, {Guid.CreateVersion7():N} — ünïcode ✓";
        await File.AppendAllTextAsync(Path.Combine(Demo.Data, "demo.log"), line + "\n");

        var bodies = await Eventually.Get(
            "the line is in the store", TimeSpan.FromSeconds(5), () => Demo.Api.LogBodies(Demo.DeviceId, line), static found => found.Count > 0);

        Assert.Equal([line], bodies);
    }

    [Fact]
    public async Task Ping_OfTheOnlineDevice_IsAnsweredInUnderASecond()
    {
        // The best of some: what the product takes, not what a busy machine makes of one of them.
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var ping = await Demo.Api.Run(Demo.DeviceId, new JsonObject { ["type"] = "ping" }, Soon);
            Assert.Equal("done", ping["state"]!.GetValue<string>());
            var took = Time(ping["finishedAt"]!) - Time(ping["createdAt"]!);
            best = took < best ? took : best;
        }

        Assert.InRange(best.TotalMilliseconds, 0, 1000);
    }

    [Fact]
    public async Task SetIntervals_ForOneCollector_ChangesHowOftenItReports()
    {
        var set = await Demo.Api.Run(
            Demo.DeviceId, new JsonObject { ["type"] = "set-intervals", ["args"] = new JsonObject { ["intervals"] = new JsonObject { ["load"] = 500 } } }, Soon);
        Assert.Equal("done", set["state"]!.GetValue<string>());

        var device = await Eventually.Get(
            "the device reports its new interval", Soon, () => Demo.Api.Get(Device), static device => device["intervals"]?["load"]?.GetValue<long>() == 500);

        Assert.Equal(500, device["intervals"]!["load"]!.GetValue<long>());
    }

    [Fact]
    public async Task Command_OfAnUnknownType_IsRefusedWithAReason()
    {
        using var response = await Demo.Api.Http.PostAsync($"{Device}/commands", new StringContent("""{"type":"format-disk"}""", null, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.False(string.IsNullOrEmpty(problem["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Api_WithoutAToken_AnswersUnauthorized()
    {
        using var stranger = new FleetApi(Demo.Url, token: null);

        using var response = await stranger.Http.GetAsync("/api/v1/devices", TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task EnrolmentToken_Made_CarriesOneCopyableCommand()
    {
        var token = await Demo.Api.Post("/api/v1/enrolment-tokens", new JsonObject { ["tags"] = new JsonArray("lab"), ["maxUses"] = 1, ["expiresIn"] = 600 });

        Assert.StartsWith("messaging-agent enroll mt1.", token["command"]!.GetValue<string>(), StringComparison.Ordinal);
        var listed = await Demo.Api.Get("/api/v1/enrolment-tokens");
        Assert.DoesNotContain(token["token"]!.GetValue<string>(), listed.ToJsonString(), StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);

    private async Task<JsonNode> FirstPointAfter(string name, DateTimeOffset from) =>
        (await Eventually.Get($"a point of {name}", Soon, () => Points(name, from), static points => points.Count > 0))[0];

    private async Task<List<JsonNode>> Points(string name, DateTimeOffset from)
    {
        var metrics = await Demo.Api.Get($"{Device}/metrics?name={name}&from={from.ToUnixTimeMilliseconds()}");
        return [.. metrics["points"]!.AsArray().Where(static point => point!["attributes"] is not JsonObject { Count: > 0 }).Select(static point => point!)];
    }
}
