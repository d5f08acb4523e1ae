using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Relaying.Activity;

/// <summary>What the API tells when the relay is not in this process.</summary>
public sealed class RelayElsewhereTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Activity_OfARelayElsewhere_SaysWhereItIsAndWhereTheRestIs()
    {
        using var viewer = await host.With(OperatorRole.Viewer);

        var activity = await viewer.Get("/api/v1/relay/activity");

        Assert.Equal("embedded", (string?)activity["elsewhere"]!["address"]);
        Assert.Contains("--metrics-port", (string?)activity["elsewhere"]!["metrics"], StringComparison.Ordinal);
        Assert.Equal(2, (int?)activity["fleet"]!["counters"]!["total"]!["refused.auth"]);
        Assert.Null(activity["mqtt"]);
        Assert.Null(activity["channels"]);
        Assert.Null(activity["legacy"]);
    }

    [Fact]
    public async Task Lists_OfARelayElsewhere_SayWhatToDo()
    {
        using var api = await host.With(OperatorRole.Operator);
        foreach (var path in new[] { "/api/v1/relay/mqtt-connections", "/api/v1/relay/channels" })
        {
            var answer = await api.Get(path);

            Assert.Equal((404, "relay_elsewhere"), (answer.Status, answer.Code));
            Assert.Contains("--metrics-port", (string?)answer["detail"], StringComparison.Ordinal);
        }
    }
}
