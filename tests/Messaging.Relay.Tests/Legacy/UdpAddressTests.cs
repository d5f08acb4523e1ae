using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Messaging.Relay.Legacy;
using Messaging.Relay.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>A datagram's sender is whatever its writer says: nobody makes the relay flood somebody else, and no agent loses an event by that.</summary>
public sealed class UdpAddressTests : IDisposable
{
    /// <summary>Another address of this machine than the one that agents connect from.</summary>
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legacy-test-");

    [Fact]
    public async Task Pull_FromAnAddressThatWasNotSeen_GetsNoMoreThanItSent_AndLosesNothing()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("*", "chat-text", new string('x', 10_000));
        using var udp = Open(server, Elsewhere);

        for (var padding = 0; padding < 200; padding += 20)
        {
            var pull = Pull(ada.Range(1), padding);
            var answer = await AskAsync(udp, pull);
            Assert.InRange(answer.Length, 1, pull.Length);
            Assert.Contains("POST /receive", (string?)JsonNode.Parse(answer)!["result"]!["statusMessage"], StringComparison.Ordinal);
        }

        Assert.Equal(10, server.Counters.WithheldAnswers);
        var proven = await ada.PullAsync(ada.Range(1));
        Assert.Equal(10_000, ((string?)proven["data"]!["events"]![0]!["content"])!.Length);
    }

    [Fact]
    public async Task Pull_FromAnAddressThatWasNotSeen_GetsWhatIsSmall_InOrder()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        for (var i = 0; i < 4; i++)
        {
            await ada.SendAsync("*", "chat-text", $"text {i}");
        }

        using var udp = Open(server, Elsewhere);
        var texts = new List<string?>();
        long next = 1;
        while (texts.Count < 4)
        {
            var pull = Pull(ada.Range(next), padding: 250);
            var answer = await AskAsync(udp, pull);
            Assert.InRange(answer.Length, 1, pull.Length);
            var data = JsonNode.Parse(answer)!["result"]!["data"]!;
            texts.AddRange(data["events"]!.AsArray().Select(static found => (string?)found!["content"]));
            next = (long)data["nextGlobalOffset"]!;
        }

        Assert.Equal(["text 0", "text 1", "text 2", "text 3"], texts);
    }

    [Fact]
    public async Task Pull_FromAnAddressThatAskedOverHttp_GetsAll()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.SendAsync("*", "chat-text", new string('x', 10_000));
        using var udp = Open(server, Elsewhere);
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectFromElsewhereAsync }) { BaseAddress = server.Url };
        using var body = new StringContent(ada.Range(9, pollingDisabled: true).ToJsonString());

        (await http.PostAsync(LegacyNames.Path + "/receive", body, TestContext.Current.CancellationToken)).Dispose();

        Assert.True((await AskAsync(udp, Pull(ada.Range(1)))).Length > 10_000);
        Assert.True((await ada.PullAsync(ada.Range(1)))["data"]!["events"]!.AsArray().Count == 1, "Where it connected is known as well.");
    }

    [Fact]
    public async Task Pull_AfterARestart_GoesOnFromWhereItsAgentWasSeen()
    {
        JsonObject range;
        await using (var server = await LegacyServer.StartAsync(_folder.FullName))
        {
            using var ada = await SeedAgent.ConnectAsync(server, "ada");
            await ada.SendAsync("*", "chat-text", new string('x', 10_000));
            range = ada.Range(1);
        }

        await using var next = await LegacyServer.StartAsync(_folder.FullName);
        using var here = Open(next, IPAddress.Loopback);
        using var there = Open(next, Elsewhere);

        Assert.True((await AskAsync(here, Pull(range))).Length > 10_000);
        Assert.True((await AskAsync(there, Pull(range))).Length < 1000);
    }

    [Fact]
    public async Task Pull_OfNoSession_IsToldSo_InNoMoreThanItSent()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        await ada.DisconnectAsync();
        using var udp = Open(server, Elsewhere);
        var pull = Pull(ada.Range(0));

        var answer = await AskAsync(udp, pull);

        Assert.InRange(answer.Length, 1, pull.Length);
        Assert.Equal("error", (string?)JsonNode.Parse(answer)!["result"]!["status"]);
        await udp.SendAsync("{\"action\":\"pull\",\"payload\":{\"sessionId\":\"0\"}}"u8.ToArray(), Wait.Timeout);
        await udp.SendAsync("{\"action\":\"push\",\"payload\":{\"sessionId\":\"0\",\"type\":\"x\"}}"u8.ToArray(), Wait.Timeout);
        await Wait.ForAsync(() => server.Counters.UnknownSenders == 3, "all are counted");
        Assert.Equal(0, udp.Available);
    }

    [Fact]
    public async Task Answers_BeyondTheRateOfAnAddress_Wait_AndThoseOfAFloodAreWithheld()
    {
        var time = new FakeTimeProvider();
        await using var server = await LegacyServer.StartAsync(_folder.FullName, options => options with { UdpAnswersPerSecond = 3 }, time: time);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var udp = Open(server, IPAddress.Loopback);
        var pull = Pull(ada.Range(0, pollingDisabled: true));
        for (var i = 0; i < 40; i++)
        {
            await udp.SendAsync(pull, Wait.Timeout);
        }

        for (var i = 0; i < 3; i++)
        {
            await udp.ReceiveAsync(Wait.Timeout);
        }

        Assert.Equal((0, 0), (udp.Available, server.Counters.WithheldAnswers));
        var received = 3;
        await Wait.ForAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                for (; udp.Available > 0; received++)
                {
                    await udp.ReceiveAsync(Wait.Timeout);
                }

                return received + server.Counters.WithheldAnswers == 40;
            },
            "each is sent, or withheld");

        Assert.True(received >= 12, $"{received} answers were sent.");
    }

    [Fact]
    public async Task Datagrams_BeyondTheBytesThatAreWorkedOn_AreDropped()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName, options => options with { MaxUdpWorkBytes = 1000 });
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var udp = Open(server, IPAddress.Loopback);

        await udp.SendAsync(Pull(ada.Range(0), padding: 1000), Wait.Timeout);

        await Wait.ForAsync(() => server.Counters.DroppedDatagrams == 1, "the datagram is dropped");
        Assert.Equal("success", (string?)(await ada.PullAsync(ada.Range(0)))["status"]);
    }

    [Fact]
    public async Task Datagrams_ChangedAnywhere_LeaveTheBridgeAtWork()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var udp = Open(server, Elsewhere);
        using var probe = Open(server, IPAddress.Loopback);
        var push = new JsonObject { ["action"] = "push", ["payload"] = ada.Event("a*", "udp-data", "ü\ud83d\ude00\\", encrypted: true) };
        push["payload"]!["otherProperties"] = new JsonObject { ["k"] = "v" };
        byte[][] sources = [Encoding.UTF8.GetBytes(push.ToJsonString()), Pull(ada.Range(0, pollingDisabled: true))];
        var changes = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 400], Gen.Byte).Array[1, 4];

        // What is answered in between has come after what was sent, so that the kernel drops none.
        var unknown = Encoding.UTF8.GetBytes("{\"action\":\"pull\",\"payload\":{\"sessionId\":\"0\"}}" + new string(' ', 200));
        var sent = 0;
        await changes.SampleAsync(
            async edits =>
            {
                var datagram = (byte[])sources[edits[0].Item1].Clone();
                foreach (var (_, at, value) in edits)
                {
                    datagram[at % datagram.Length] = value;
                }

                await udp.SendAsync(datagram, Wait.Timeout);
                if (++sent % 20 == 0)
                {
                    await AskAsync(probe, unknown);
                }
            },
            iter: 3000, threads: 1);
        await udp.SendAsync("{\"action\":\"push\",\"payload\":{\"otherProperties\":{\"\\ud800\":1},\"sessionId\":\"\\udc00\"}}"u8.ToArray(), Wait.Timeout);

        Assert.NotEmpty(await AskAsync(probe, unknown));
        Assert.True(server.Counters.MalformedDatagrams > 1000);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Pull(JsonObject range, int padding = 0) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["action"] = "pull", ["payload"] = range.DeepClone() }.ToJsonString() + new string(' ', padding));

    private static UdpClient Open(LegacyServer server, IPAddress from)
    {
        var udp = new UdpClient(new IPEndPoint(from, 0));
        udp.Connect(server.Udp);
        return udp;
    }

    private static async Task<byte[]> AskAsync(UdpClient udp, byte[] datagram)
    {
        await udp.SendAsync(datagram, Wait.Timeout);
        return (await udp.ReceiveAsync(Wait.Timeout)).Buffer;
    }

    private static async ValueTask<Stream> ConnectFromElsewhereAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Elsewhere, 0));
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
