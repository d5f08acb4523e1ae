using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Relay.Legacy;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>What no agent sends is answered with an error, or with nothing, and changes nothing.</summary>
public sealed class HostileTests : IDisposable
{
    private static readonly string[] Calls = ["/create-channel", "/connect", "/event", "/receive", "/list-agents", "/disconnect"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legacy-test-");

    [Fact]
    public async Task Request_CutAtEveryByte_IsAnError()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var whole = Encoding.UTF8.GetBytes(ada.Event("*", "chat-text", "ü").ToJsonString());

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal("error", (string?)(await server.PostAsync("/event", whole[..length]))["status"]);
        }

        Assert.Equal("success", (string?)(await server.PostAsync("/event", whole))["status"]);
    }

    public static TheoryData<string> Bodies =>
    [
        "", "null", "[]", "1", "\"x\"", "{", "{}", "{\"sessionId\":null}", "{\"sessionId\":{}}", "{\"sessionId\":7}", "{\"sessionId\":\"\"}",
        "{\"channelName\":[]}", "{\"agentName\":{}}", "{\"offsetRange\":[]}", "{\"offsetRange\":{\"globalOffset\":\"x\"}}", "{\"offsetRange\":{\"limit\":1e99}}",
        "{\"encrypted\":\"yes\"}", "{\"otherProperties\":7}", "{\"content\":\"\\ud800\"}", "{\"sessionId\":\"\\udfff\"}", "{}{}", "{\"a\":1,}", "\uFEFF{}", "{\"channelName\":\"\"}",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Request_ThatIsNone_IsAnError(string body)
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);

        foreach (var call in Calls)
        {
            Assert.Equal("error", (string?)(await server.PostAsync(call, Encoding.UTF8.GetBytes(body)))["status"]);
        }

        Assert.Equal((0, 0), (server.Registry.Count, server.Sessions.Count));
    }

    [Fact]
    public async Task Request_OfWrongBytesDepthOrSize_IsAnError()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        byte[][] bodies =
        [
            [0xFF, 0xFE, 0x7B],
            [.. "{\"sessionId\":\""u8, 0xC3, 0x28, .. "\"}"u8],
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"otherProperties\":", 10_000))),
            Encoding.UTF8.GetBytes($"{{\"sessionId\":\"{ada.SessionId}\",\"type\":\"t\",\"otherProperties\":{{\"a\":{new string('[', 100)}{new string(']', 100)}}}}}"),
            new byte[600 * 1024],
            Encoding.UTF8.GetBytes(ada.Event("*", "chat-text", new string('x', 300 * 1024)).ToJsonString()),
            Encoding.UTF8.GetBytes(ada.Event(new string('*', 257), "chat-text", "x").ToJsonString()),
            Encoding.UTF8.GetBytes(ada.Event("*", new string('t', 65), "x").ToJsonString()),
            Encoding.UTF8.GetBytes(ada.Event("*", "", "x").ToJsonString()),
        ];

        foreach (var body in bodies)
        {
            Assert.Equal("error", (string?)(await server.PostAsync("/event", body))["status"]);
        }

        Assert.Equal(1, server.Registry.All.Single().Extent.Next);
    }

    [Fact]
    public async Task Connect_LongerThanMayBe_IsAnError()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        var context = SeedAgent.Request("a", "c", "x");
        context["agentContext"] = new JsonObject { ["descriptor"] = new string('x', 3000) };
        var noObject = SeedAgent.Request("a", "c", "x");
        noObject["agentContext"] = "text";
        JsonObject[] requests =
        [
            SeedAgent.Request(new string('a', 129), "c", "x"), SeedAgent.Request("a", new string('c', 257), "x"), SeedAgent.Request("a", "c", new string('x', 513)), context, noObject,
        ];

        foreach (var request in requests)
        {
            Assert.Equal("error", (string?)(await server.PostAsync("/connect", request))["status"]);
        }

        Assert.Equal("error", (string?)(await server.PostAsync("/connect", SeedAgent.Request("a", "c", "x"), new string('k', 257)))["status"]);
        Assert.Equal((0, 0), (server.Registry.Count, server.Sessions.Count));
    }

    [Fact]
    public async Task Method_ThatIsNotExpected_IsAnError()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);

        foreach (var call in Calls)
        {
            Assert.Equal("error", (string?)(await server.SendAsync(HttpMethod.Get, call))["status"]);
        }

        Assert.Equal("error", (string?)(await server.SendAsync(HttpMethod.Post, "/channels", "k"))["status"]);
        Assert.Equal("error", (string?)(await server.SendAsync(HttpMethod.Get, "/channel/0"))["status"]);
    }

    [Fact]
    public async Task Datagrams_ThatAreNone_AreCounted_AndNotAnswered()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var udp = Connect(server);
        var pull = Encoding.UTF8.GetBytes(new JsonObject { ["action"] = "pull", ["payload"] = ada.Range(0) }.ToJsonString());
        string[] wrong = ["", "x", "null", "[]", "{}", "{\"action\":\"pull\"}", "{\"action\":\"pull\",\"payload\":7}", "{\"action\":\"drop\",\"payload\":{}}", "{\"action\":7,\"payload\":{}}"];

        var malformed = wrong.Select(Encoding.UTF8.GetBytes).Concat(Enumerable.Range(1, pull.Length - 1).Select(length => pull[..length])).ToList();
        foreach (var datagram in malformed)
        {
            await udp.SendAsync(datagram, Wait.Timeout);
        }

        // One comes after the other: what is answered first is the one that is right.
        await udp.SendAsync(pull, Wait.Timeout);
        var answer = JsonNode.Parse((await udp.ReceiveAsync(Wait.Timeout)).Buffer)!;
        Assert.Equal("success", (string?)answer["result"]!["status"]);
        Assert.Equal(malformed.Count, server.Counters.MalformedDatagrams);
    }

    [Fact]
    public async Task Answers_OverUdp_FitADatagram_AndSayWhereToGoOn()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("*", "chat-text", new string('a', 40_000));
        await ada.SendAsync("*", "chat-text", new string('b', 40_000));
        await ada.SendAsync("*", "chat-text", new string('c', 100_000));
        await ada.SendAsync("*", "chat-text", new string('d', 100));

        var first = await ada.PullAsync(ada.Range(1));
        var second = await ada.PullAsync(ada.Range(2));

        Assert.Equal(2, (long)first["data"]!["nextGlobalOffset"]!);
        Assert.Single(first["data"]!["events"]!.AsArray());
        Assert.Equal(5, (long)second["data"]!["nextGlobalOffset"]!);
        Assert.Equal(["2", "4"], second["data"]!["events"]!.AsArray().Select(static found => (string?)found!["otherProperties"]!["localOffset"]));
        Assert.Contains("larger than a datagram", (string?)second["statusMessage"], StringComparison.Ordinal);
        Assert.Equal(1, server.Counters.OversizedEvents);
    }

    [Fact]
    public async Task Bridge_OnAllAddresses_AnswersIPv4AsWell()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName, static options => options with { Udp = new IPEndPoint(IPAddress.IPv6Any, 0) });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        udp.Connect(IPAddress.Loopback, server.Udp.Port);

        await udp.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["action"] = "pull", ["payload"] = ada.Range(0) }.ToJsonString()), Wait.Timeout);

        Assert.Contains("\"status\":\"ok\"", Encoding.UTF8.GetString((await udp.ReceiveAsync(Wait.Timeout)).Buffer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datagrams_WhileAllPlacesAreTaken_AreDropped()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName, options => options with { MaxUdpWork = 1 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        var pulling = ada.PullAsync(ada.Range(1));
        await Wait.ForAsync(() => server.Registry.All.Single().ListenerCount == 1, "the pull waits");
        using var udp = Connect(server);
        await udp.SendAsync("x"u8.ToArray(), Wait.Timeout);

        await Wait.ForAsync(() => server.Counters.DroppedDatagrams == 1, "the datagram is dropped");
        await ada.SendAsync("*", "chat-text", "x");

        Assert.Equal("success", (string?)(await pulling)["status"]);
    }

    [Fact]
    public async Task Bridge_WithoutAPort_IsNotThere_AndWithATakenOne_SaysSo()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using (var server = await LegacyServer.StartAsync(_folder.FullName, static options => options with { Udp = null }))
        {
            Assert.Null(server.Get<Messaging.Relay.Legacy.Udp.UdpBridge>().LocalEndPoint);
        }

        var fault = await Assert.ThrowsAsync<IOException>(() => LegacyServer.StartAsync(_folder.FullName, options => options with { Udp = (IPEndPoint)taken.Client.LocalEndPoint! }));

        Assert.Contains("UDP bridge cannot listen", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static UdpClient Connect(LegacyServer server)
    {
        var udp = new UdpClient(server.Udp.AddressFamily);
        udp.Connect(server.Udp);
        return udp;
    }
}
