using System.Text;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.MqttUsers;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Relay.Users;
using MQTTnet;

namespace Messaging.FleetServer.Tests.Relaying.Activity;

/// <summary>What the API tells of a relay in the same process, with a real user of MQTT and a real channel.</summary>
public sealed class RelayActivityTests(WholeServer server) : IClassFixture<WholeServer>
{
    private const string Password = "a lamp over the stairs";

    [Fact]
    public async Task Activity_OfARelayInThisProcess_HasAllItsParts()
    {
        using var viewer = await server.With(OperatorRole.Viewer);

        var activity = await viewer.Get("/api/v1/relay/activity");

        Assert.Equal(200, activity.Status);
        Assert.Null(activity["elsewhere"]);
        Assert.Equal(20_000, (int?)activity["mqtt"]!["maxConnections"]);
        Assert.False((bool?)activity["mqtt"]!["isFaulty"]);
        Assert.Equal(0L, (long?)activity["mqtt"]!["counters"]!["total"]!["droppedQueueFull"]);
        Assert.Equal(0L, (long?)activity["fleet"]!["counters"]!["total"]!["publishesRefused"]);
        Assert.Null(activity["fleet"]!["counters"]!["total"]!["devices"]);
        Assert.NotNull(activity["channels"]!["counters"]!["total"]!["commits"]);
        Assert.NotNull(activity["legacy"]!["sessions"]);
    }

    [Fact]
    public async Task Connection_OfAnMqttUser_IsListed_CutByAnOperator_AndInTheAudit()
    {
        using var client = await ConnectAsync("meters", "hall-7");
        using var api = await server.With(OperatorRole.Operator);
        await client.PublishStringAsync("meters/a-secret-topic", "a secret payload", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);

        var list = await api.Get("/api/v1/relay/mqtt-connections?search=hall-7&sort=rate");

        var one = Assert.Single(list.Items);
        Assert.Equal(("meters", "hall-7", "mqtt5"), ((string?)one["user"], (string?)one["clientId"], (string?)one["transport"]));
        Assert.StartsWith("127.0.0.1:", (string?)one["address"], StringComparison.Ordinal);
        Assert.True((double?)one["receivedPerSecond"] > 0);
        Assert.DoesNotContain("secret", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (await api.Get("/api/v1/relay/activity")).Text, StringComparison.Ordinal);

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        var path = $"/api/v1/relay/mqtt-connections/{one["id"]}";
        Assert.Equal(204, (await api.Delete(path)).Status);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        await Until.True(async () => (await api.Delete(path)).Code == "connection_not_found", "the connection is gone");
        using var owner = await server.With(OperatorRole.Owner);
        var entries = (await owner.Get("/api/v1/audit?action=mqtt-connection.cut")).Items;
        Assert.Contains(entries, static entry => (string?)entry["outcome"] == "ok" && ((string?)entry["details"])!.StartsWith("meters as hall-7 from 127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Channel_ThatSomebodyMade_IsListedWithoutWhatIsInIt()
    {
        using var agent = new ApiClient(server.Address);
        await agent.Post(
            "/messaging-platform/api/v1/messaging-service/connect", """{"channelName":"a-secret-name","channelPassword":"aa","agentName":"a-secret-agent"}""");
        using var api = await server.With(OperatorRole.Operator);

        var list = await api.Get("/api/v1/relay/channels?sort=latest&limit=1");

        var one = Assert.Single(list.Items);
        Assert.Equal("legacy", (string?)one["kind"]);
        Assert.True((int?)list["total"] >= 1);
        Assert.DoesNotContain("secret", list.Text, StringComparison.Ordinal);
        Assert.Equal((string?)one["id"], (string?)Assert.Single((await api.Get($"/api/v1/relay/channels?search={one["id"]}")).Items)["id"]);
        Assert.Empty((await api.Get("/api/v1/relay/channels?search=no-such-id")).Items);
        Assert.Equal(1, (int?)(await api.Get("/api/v1/relay/activity"))["legacy"]!["sessions"]);
    }

    [Fact]
    public async Task Lists_AskedByAViewer_AreRefused()
    {
        using var viewer = await server.With(OperatorRole.Viewer);

        foreach (var path in new[] { "/api/v1/relay/mqtt-connections", "/api/v1/relay/channels" })
        {
            Assert.Equal((403, "forbidden"), ((await viewer.Get(path)) is var answer ? (answer.Status, answer.Code) : default));
        }

        Assert.Equal(403, (await viewer.Delete("/api/v1/relay/mqtt-connections/1")).Status);
        Assert.Equal(200, (await viewer.Get("/api/v1/relay/activity")).Status);
    }

    [Theory]
    [InlineData("sort=loudest", "sort")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("cursor=1000001", "cursor")]
    public async Task List_WithAWrongParameter_NamesIt(string query, string field)
    {
        using var api = await server.With(OperatorRole.Operator);
        foreach (var path in new[] { "/api/v1/relay/mqtt-connections", "/api/v1/relay/channels" })
        {
            var answer = await api.Get($"{path}?{query}");

            Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
            Assert.NotNull(answer["errors"]![field]);
        }
    }

    private async Task<IMqttClient> ConnectAsync(string user, string clientId)
    {
        using var password = new StringReader(Password);
        var manager = new MqttUserManager(password, TextWriter.Null, TextWriter.Null) { Iterations = MqttPassword.MinIterations };
        var arguments = new MqttUserArguments(server.Options.DataFolder, user) { Topics = [$"{user}/#"], PasswordStdin = true };
        Assert.Equal(0, await manager.AddAsync(arguments, TestContext.Current.CancellationToken));
        using var viewer = await server.With(OperatorRole.Viewer);
        await Until.True(async () => (int?)(await viewer.Get("/api/v1/relay/activity"))["mqtt"]!["users"] == 1, "the server has the user");
        var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithTcpServer("127.0.0.1", server.Options.MqttPort)
            .WithClientId(clientId)
            .WithCredentials(user, Encoding.UTF8.GetBytes(Password))
            .Build();
        await client.ConnectAsync(options, TestContext.Current.CancellationToken);
        return client;
    }
}
