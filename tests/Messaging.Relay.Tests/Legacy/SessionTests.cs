using System.Net;
using System.Text.Json.Nodes;
using Messaging.Relay.Legacy;
using Messaging.Relay.Limits;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>Sessions wait, end, are bounded, and outlive the relay's process.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legacy-test-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public async Task Receive_WithoutAnEvent_AnswersAfterItsTime()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");

        var waiting = server.PostAsync("/receive", ada.Range(1));
        await WaitingAsync(server, ada);
        _time.Advance(TimeSpan.FromSeconds(34));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var answer = await waiting;
        Assert.Empty(answer["data"]!["events"]!.AsArray());
        Assert.Equal(1, (long)answer["data"]!["nextGlobalOffset"]!);
    }

    [Fact]
    public async Task Receive_WhileAnotherWaits_IsAnError_OverUdpAsWell()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var waiting = server.PostAsync("/receive", ada.Range(1));
        await WaitingAsync(server, ada);

        Assert.Equal("error", (string?)(await server.PostAsync("/receive", ada.Range(1)))["status"]);
        Assert.Equal("error", (string?)(await ada.PullAsync(ada.Range(1)))["status"]);
        await ada.SendAsync("ada", "chat-text", "x");

        Assert.Single((await waiting)["data"]!["events"]!.AsArray());
        Assert.Equal("success", (string?)(await server.PostAsync("/receive", ada.Range(1)))["status"]);
    }

    [Fact]
    public async Task Receive_WhoseClientGoes_LetsTheNextOneIn()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var cancellation = new CancellationTokenSource();
        using var http = new HttpClient { BaseAddress = server.Url };
        using var content = new StringContent(ada.Range(1).ToJsonString());
        var waiting = http.PostAsync(LegacyNames.Path + "/receive", content, cancellation.Token);
        await WaitingAsync(server, ada);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await Wait.ForAsync(() => !server.Sessions.All().Single().IsReceiving, "the receive that nobody waits for is over");
        Assert.Equal("success", (string?)(await server.PostAsync("/receive", ada.Range(1, pollingDisabled: true)))["status"]);
    }

    [Fact]
    public async Task Receive_WhenTheSessionEnds_IsAnError()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var waiting = server.PostAsync("/receive", ada.Range(1));
        await WaitingAsync(server, ada);

        await ada.DisconnectAsync();

        Assert.Equal("error", (string?)(await waiting)["status"]);
        Assert.Equal("error", (string?)(await server.PostAsync("/disconnect", new JsonObject { ["sessionId"] = ada.SessionId }))["status"]);
    }

    [Fact]
    public async Task Receive_WhenTheChannelIsReset_SaysWhereItBeginsNow()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("nobody", "chat-text", "x");
        var waiting = server.PostAsync("/receive", ada.Range(2));
        await WaitingAsync(server, ada);

        await server.SendAsync(HttpMethod.Delete, "/channel/" + ada.ChannelId);

        var answer = await waiting;
        Assert.Equal("success", (string?)answer["status"]);
        Assert.Equal(0, (long)answer["data"]!["nextGlobalOffset"]!);
    }

    [Fact]
    public async Task Receive_WhenTheRelayStops_IsAnswered()
    {
        var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var http = new HttpClient { BaseAddress = server.Url };
        using var content = new StringContent(ada.Range(1).ToJsonString());
        var waiting = http.PostAsync(LegacyNames.Path + "/receive", content, TestContext.Current.CancellationToken);
        await WaitingAsync(server, ada);

        await server.DisposeAsync();

        using var response = await waiting;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Receive_WithoutAPlaceAtTheGate_IsAnError()
    {
        await using var server = await StartAsync(relay: relay => relay with { MaxConnectionsPerAddress = 1 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        var waiting = server.PostAsync("/receive", ada.Range(2));
        await WaitingAsync(server, ada);

        Assert.Equal("error", (string?)(await server.PostAsync("/receive", bob.Range(2)))["status"]);
        await ada.SendAsync("*", "chat-text", "x");

        await waiting;
        Assert.Equal(0, server.Get<ConnectionGate>().Unauthenticated);
    }

    [Fact]
    public async Task Session_WithoutRequests_EndsAsIfItHadDisconnected()
    {
        await using var server = await StartAsync();
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        _time.Advance(TimeSpan.FromMinutes(9));
        await server.PostAsync("/list-agents", new JsonObject { ["sessionId"] = bob.SessionId });
        _time.Advance(TimeSpan.FromMinutes(1));

        var gone = await bob.NextAsync("disconnect");

        Assert.Equal("ada", (string?)gone["from"]);
        Assert.Equal(1, server.Counters.SessionsExpired);
        Assert.Equal("error", (string?)(await server.PostAsync("/receive", ada.Range(0)))["status"]);
        using var again = await SeedAgent.ConnectAsync(server, "ada");
    }

    [Fact]
    public async Task Session_WhoseReceiveWaits_IsNotIdle()
    {
        await using var server = await StartAsync(options => options with { MaxWait = TimeSpan.FromHours(1) });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var waiting = server.PostAsync("/receive", ada.Range(1));
        await WaitingAsync(server, ada);
        _time.Advance(TimeSpan.FromMinutes(20));

        await server.Get<LegacyHost>().SweepAsync();

        Assert.Equal(1, server.Sessions.Count);
        await ada.SendAsync("*", "chat-text", "x");
        await waiting;
    }

    [Fact]
    public async Task Sessions_BeyondTheLimits_AreRefused_AndTheirPlacesComeBack()
    {
        await using var server = await StartAsync(options => options with { MaxSessionsPerChannel = 2, MaxSessionsPerAddress = 3 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");

        Assert.Equal("error", await ConnectAsync(server, "eve", "system001"));
        Assert.Equal("success", await ConnectAsync(server, "eve", "room2"));
        Assert.Equal("error", await ConnectAsync(server, "joe", "room2"));
        await ada.DisconnectAsync();
        await server.Get<LegacyHost>().SweepAsync();

        Assert.Equal("success", await ConnectAsync(server, "joe", "room2"));
    }

    [Fact]
    public async Task Killed_AndBegunAgain_GoesOnWithItsSessions()
    {
        var killed = Directory.CreateTempSubdirectory("legacy-killed-");
        try
        {
            await using var server = await LegacyServer.StartAsync(_folder.FullName);
            using var ada = await SeedAgent.ConnectAsync(server, "ada");
            using var bob = await SeedAgent.ConnectAsync(server, "bob");
            await bob.DisconnectAsync();
            await ada.SendAsync("*", "chat-text", "before");

            server.CopyAsKilled(killed.FullName);
            await using var next = await LegacyServer.StartAsync(killed.FullName);

            Assert.Equal(1, next.Sessions.Count);
            var answer = await next.PostAsync("/receive", ada.Range(3));
            Assert.Equal("before", (string?)answer["data"]!["events"]![0]!["content"]);
            Assert.Equal("success", (string?)(await next.PostAsync("/event", ada.Event("*", "chat-text", "after")))["status"]);
            Assert.Equal("error", (string?)(await next.PostAsync("/connect", new JsonObject { ["channelId"] = ada.ChannelId, ["agentName"] = "ada" }))["status"]);
            var agents = await next.PostAsync("/list-agents", new JsonObject { ["sessionId"] = ada.SessionId });
            Assert.Equal("""[{"agentName":"ada","agentContext":{"agentType":"CSHARP","descriptor":"test"}}]""", agents["data"]!.ToJsonString());
            var again = await next.PostAsync("/connect", new JsonObject { ["channelId"] = ada.ChannelId, ["agentName"] = "ada", ["sessionId"] = ada.SessionId });
            Assert.Equal(ada.SessionId, (string?)again["data"]!["sessionId"]);
            Assert.Equal(3, (long)again["data"]!["metadata"]!["globalOffset"]!);
        }
        finally
        {
            killed.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task StoppedInOrder_KnowsHowFarAgentsCame_AndKeepsNoIdOfASession()
    {
        string session;
        await using (var server = await StartAsync())
        {
            using var ada = await SeedAgent.ConnectAsync(server, "ada");
            session = ada.SessionId;
            await ada.SendAsync("*", "chat-text", "one");
            await server.PostAsync("/receive", ada.Range(2, pollingDisabled: true));
        }

        await using var next = await StartAsync();

        Assert.Equal(2, next.Sessions.Find(session)!.Position);
        Assert.All(
            _folder.GetFiles(),
            file => Assert.DoesNotContain(session, System.Text.Encoding.Latin1.GetString(Read(file)), StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Read(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private Task<LegacyServer> StartAsync(Func<LegacyOptions, LegacyOptions>? change = null, Func<RelayOptions, RelayOptions>? relay = null) =>
        LegacyServer.StartAsync(_folder.FullName, change, relay: relay, time: _time);

    private static async Task<string?> ConnectAsync(LegacyServer server, string name, string channel) =>
        (string?)(await server.PostAsync("/connect", SeedAgent.Request(
            name, channel, SeedCrypto.PasswordHash(SeedCrypto.ChannelSecret(channel, "12345678"), "12345678"))))["status"];

    /// <summary>The timer of a wait is set before its listener.</summary>
    private static Task WaitingAsync(LegacyServer server, SeedAgent agent) => Wait.ForAsync(
        () => ChannelId.TryParse(agent.ChannelId, out var id) && server.Registry.Find(id)!.ListenerCount == 1, "the receive waits");
}
