using Messaging.FleetServer.Access;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Telemetry.Queries;

public sealed class MetricEndpointTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Metric = "system.memory.usage";
    private const string Used = """{"device":"a","state":"used"}""";
    private const string Free = """{"device":"a","state":"free"}""";
    private const string Total = "{}";

    [Theory]
    [InlineData("", Total)]
    [InlineData("&all=false", Total)]
    [InlineData("&all=true", Free, Used, Total)]
    [InlineData("&attribute=state=used", Used)]
    [InlineData("&attribute=state=used&attribute=device=a", Used)]
    [InlineData("&attribute=device=a", Free, Used)]
    [InlineData("&attribute=state=")]
    [InlineData("&attribute=state=used&attribute=device=b")]
    public async Task Points_OfAMetricWithATotal_AreThoseOfTheSeriesAskedFor(string query, params string[] expected) =>
        Assert.Equal(expected, await AttributesOf([Used, Free, Total], query));

    [Fact]
    public async Task Points_OfAMetricWithoutATotal_AreThoseOfEverySeries() =>
        Assert.Equal([Free, Used], await AttributesOf([Used, Free], ""));

    [Theory]
    [InlineData("&all=yes", "all")]
    [InlineData("&attribute=state", "attribute")]
    [InlineData("&attribute==used", "attribute")]
    public async Task Points_WithAWrongChoice_NamesTheParameter(string query, string field)
    {
        var device = host.Devices.Add(FakeDevices.Device(Guid.CreateVersion7().ToString("n")));
        using var client = await host.With(OperatorRole.Viewer);

        var answer = await client.Get($"/api/v1/devices/{device.Id}/metrics?name={Metric}{query}");

        Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
        Assert.Equal([field], answer["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Series_OfAnyRangeAndLimit_HoldsBoth()
    {
        var device = host.Devices.Add(FakeDevices.Device(Guid.CreateVersion7().ToString("n")));
        var start = host.Time.GetUtcNow().ToUnixTimeMilliseconds() - 3_600_000;
        Write(device.Id, Total, [.. Enumerable.Range(0, 300).Select(index => new StoredPoint(start + (index * 1000) + (index / 50 * 60_000), index % 7))]);
        using var client = await host.With(OperatorRole.Viewer);
        foreach (var (from, to) in new[] { (0, 600), (0, 0), (1, 2), (10, 48), (45, 115), (100, 3000), (599, 599) })
        {
            foreach (var limit in new[] { 1, 2, 3, 4, 5, 9, 40, 10_000 })
            {
                foreach (var aggregate in new[] { "shape", "avg", "min", "max" })
                {
                    var (first, last) = (start + (from * 1000), start + (to * 1000));
                    var answer = await client.Get(
                        $"/api/v1/devices/{device.Id}/metrics/series?name={Metric}&from={first}&to={last}&maxPoints={limit}&aggregate={aggregate}");

                    Assert.Equal(200, answer.Status);
                    var times = answer["series"]!.AsArray().SelectMany(series => series!["times"]!.AsArray()).Select(time => time!.GetValue<long>()).ToList();
                    Assert.InRange(times.Count, 1, limit);
                    Assert.All(times, time => Assert.InRange(time, first, last));
                }
            }
        }
    }

    /// <summary>The attributes of the points that the query finds on a device with these series, one point each, at the same moment.</summary>
    private async Task<IEnumerable<string>> AttributesOf(string[] series, string query)
    {
        var device = host.Devices.Add(FakeDevices.Device(Guid.CreateVersion7().ToString("n")));
        var now = host.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var attributes in series)
        {
            Write(device.Id, attributes, [new StoredPoint(now, 1)]);
        }

        using var client = await host.With(OperatorRole.Viewer);
        var answer = await client.Get($"/api/v1/devices/{device.Id}/metrics?name={Metric}{query}");
        Assert.Equal(200, answer.Status);
        return answer["points"]!.AsArray().Select(point => point!["attributes"]!.ToJsonString());
    }

    private void Write(string device, string attributes, StoredPoint[] points)
    {
        var group = new TelemetryGroup();
        group.Points.Add(new SeriesPoints(PrincipalId.Parse(device), Metric, "By", 0, attributes, points));
        using var store = new TelemetryStore(host.Get<TelemetryDatabase>());
        store.Write(group);
    }
}
