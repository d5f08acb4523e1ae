using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>A device that shares, and neighbours that mean no good.</summary>
public sealed class NeighbourServerTests : IAsyncDisposable
{
    private readonly byte[] _artifact = RandomNumberGenerator.GetBytes(200_000);
    private readonly byte[] _sha256;
    private readonly TestReleases _releases = new();
    private readonly int _port = LanDevice.FreePort();
    private readonly LanDevice _device;

    public NeighbourServerTests()
    {
        _sha256 = SHA256.HashData(_artifact);
        _device = new LanDevice(_releases, _port);
        File.WriteAllBytes(_device.Store.Fetched, _artifact);
        _device.Shared.Take(_device.Store.Fetched, _sha256);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Path => $"/targets/{Convert.ToHexStringLower(_sha256)}";

    public async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync();
        _releases.Dispose();
    }

    [Fact]
    public async Task Get_OfAllAndOfAPart_GivesIt()
    {
        _device.Serve();
        using var http = Client();

        Assert.Equal(_artifact, await http.GetByteArrayAsync(Path, Ct));
        using var part = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { Range = new(199_990, null) } };
        using var answer = await http.SendAsync(part, Ct);
        Assert.Equal((HttpStatusCode.PartialContent, "bytes 199990-199999/200000"), (answer.StatusCode, answer.Content.Headers.ContentRange?.ToString()));
        Assert.Equal(_artifact[^10..], await answer.Content.ReadAsByteArrayAsync(Ct));
        using var beyond = new HttpRequestMessage(HttpMethod.Get, Path) { Headers = { Range = new(200_000, null) } };
        using var none = await http.SendAsync(beyond, Ct);
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "bytes */200000"), (none.StatusCode, none.Content.Headers.ContentRange?.ToString()));
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, Path), Ct);
        Assert.Equal((HttpStatusCode.OK, 200_000L), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("GET /targets/../shared HTTP/1.1\r\nHost: n\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("GET /etc/passwd HTTP/1.1\r\nHost: n\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("GET /targets/0000000000000000000000000000000000000000000000000000000000000000 HTTP/1.1\r\nHost: n\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("DELETE / HTTP/1.1\r\nHost: n\r\n\r\n", "HTTP/1.1 405 ")]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400 ")]
    public async Task Request_ForAnythingElse_GetsAnError(string request, string answer)
    {
        _device.Serve();

        Assert.StartsWith(answer, await ExchangeAsync(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsTooLong_IsRefused_AndOneThatDoesNotEnd_IsClosed()
    {
        _device.Serve();

        Assert.StartsWith("HTTP/1.1 431 ", await ExchangeAsync("GET / HTTP/1.1\r\n" + new string('a', 10_000)), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        Assert.Equal("", await DripAsync());
        Assert.InRange(watch.Elapsed.TotalSeconds * LanDevice.Speed, 1, 60);
    }

    [Fact]
    public async Task Neighbours_ThatDoNotRead_LoseTheirPlaces()
    {
        // More than the kernel holds for one that does not read.
        var large = RandomNumberGenerator.GetBytes(16 * 1024 * 1024);
        await File.WriteAllBytesAsync(_device.Store.Fetched, large, Ct);
        _device.Shared.Take(_device.Store.Fetched, SHA256.HashData(large));
        _device.Options.ShareRate = ShareSlots.LeastOfUpload;
        _device.Serve();
        using var idle = await ConnectAsync();
        await idle.SendAsync(Encoding.ASCII.GetBytes($"GET /targets/{Convert.ToHexStringLower(SHA256.HashData(large))} HTTP/1.1\r\nHost: n\r\n\r\n"), Ct);
        Assert.Equal(1, await idle.ReceiveAsync(new byte[1], Ct));
        Assert.StartsWith("HTTP/1.1 503 ", await ExchangeAsync($"GET {Path} HTTP/1.1\r\nHost: n\r\n\r\n", "127.0.0.3"), StringComparison.Ordinal);

        var answer = "";
        while (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            try
            {
                answer = await ExchangeAsync($"GET {Path} HTTP/1.1\r\nHost: n\r\n\r\n", "127.0.0.3");
            }
            catch (IOException)
            {
                // The connections before have not left their places yet.
            }
        }

        // What was sent ends before the artifact does.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await idle.ReceiveAsync(new byte[64 * 1024], Ct) > 0)
            {
                // Until it is reset.
            }
        });
    }

    [Fact]
    public async Task Connection_ThatMayHaveComeOverARouter_IsNotTaken()
    {
        _device.Serve();
        using var near = await ConnectAsync();
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Ttl = 254 };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        over.CancelAfter(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await far.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), over.Token));
    }

    [Fact]
    public async Task Connections_OfOneNeighbour_AreTwo()
    {
        _device.Serve(TimeProvider.System);
        var sockets = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            sockets.Add(await ConnectAsync());
        }

        await Eventually.True(() => sockets.Count(IsOpen) <= ShareSlots.MostOfOne, "all but two are closed");
        using var other = await ConnectAsync("127.0.0.3");
        await other.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: n\r\n\r\n"), Ct);
        Assert.StartsWith("HTTP/1.1 404 ", await ReadAsync(other), StringComparison.Ordinal);
        sockets.ForEach(static socket => socket.Dispose());
    }

    [Fact]
    public void Slots_AreAFew_AndOneForAThinLine()
    {
        var (slots, thin) = (new ShareSlots(0, TimeProvider.System), new ShareSlots(ShareSlots.LeastOfUpload, TimeProvider.System));

        for (var i = 0; i < ShareSlots.MostConnections; i++)
        {
            Assert.True(slots.TryEnter(IPAddress.Parse($"10.0.0.{i}")));
        }

        Assert.False(slots.TryEnter(IPAddress.Parse("10.0.0.99")));
        slots.Leave(IPAddress.Parse("10.0.0.1"));
        Assert.True(slots.TryEnter(IPAddress.Parse("10.0.0.99")));
        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(_ => slots.TryTake()));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => thin.TryTake()));
    }

    [Fact]
    public async Task Upload_BeyondThePlaces_IsToldToComeAgain()
    {
        _device.Options.ShareRate = ShareSlots.LeastOfUpload;
        _device.Serve(TimeProvider.System);
        using var first = await ConnectAsync();
        await first.SendAsync(Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: n\r\n\r\n"), Ct);
        var begun = new byte[1];
        Assert.Equal(1, await first.ReceiveAsync(begun, Ct));

        var second = await ExchangeAsync($"GET {Path} HTTP/1.1\r\nHost: n\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 503 ", second, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 10\r\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_IsNoFasterThanItMayBe()
    {
        _device.Options.ShareRate = 100_000;
        _device.Serve(TimeProvider.System);
        using var http = Client();
        var watch = Stopwatch.StartNew();

        await http.GetByteArrayAsync(Path, Ct);

        // A second is saved up.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.5, 10);
    }

    [Fact]
    public async Task Question_IsAnsweredToWhoKnowsTheArtifact_AndNothingElseIs()
    {
        _device.Serve();
        var link = LanLinks.Find(["lo"])[0];
        using var mouth = LanSockets.Mouth(link);
        var nonce = RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes);
        for (var i = 0; i < 300; i++)
        {
            mouth.SendTo(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1400)), LanSockets.Group(link, _port));
        }

        mouth.SendTo(NeighbourWord.Question(nonce, NeighbourWord.Everybody, RandomNumberGenerator.GetBytes(32)), LanSockets.Group(link, _port));
        mouth.SendTo(NeighbourWord.Question(nonce, 0, _sha256), LanSockets.Group(link, _port));
        mouth.SendTo((byte[])[.. NeighbourWord.Question(nonce, NeighbourWord.Everybody, _sha256), 0], LanSockets.Group(link, _port));
        mouth.SendTo(NeighbourWord.Question(nonce, NeighbourWord.Everybody, _sha256).AsSpan(0, 39), LanSockets.Group(link, _port));
        Assert.Equal(0, await AnswersAsync(mouth, TimeSpan.FromMilliseconds(500)));

        mouth.SendTo(NeighbourWord.Question(nonce, NeighbourWord.Everybody, _sha256), LanSockets.Group(link, _port));
        var word = new byte[100];
        var heard = await mouth.ReceiveFromAsync(word, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Ct);
        Assert.Equal(NeighbourWord.Bytes, heard.ReceivedBytes);
        Assert.True(NeighbourWord.TryReadAnswer(word.AsSpan(0, heard.ReceivedBytes), nonce, out var port));
        Assert.Equal(_port, port);
    }

    [Fact]
    public async Task Questions_InAFlood_AreAnsweredAFewASecond()
    {
        _device.Serve(TimeProvider.System);
        var link = LanLinks.Find(["lo"])[0];
        using var mouth = LanSockets.Mouth(link);
        for (var i = 0; i < 2000; i++)
        {
            mouth.SendTo(NeighbourWord.Question(RandomNumberGenerator.GetBytes(NeighbourWord.NonceBytes), NeighbourWord.Everybody, _sha256), LanSockets.Group(link, _port));
        }

        Assert.InRange(await AnswersAsync(mouth, TimeSpan.FromSeconds(1)), 1, 60);
    }

    [Fact]
    public async Task WhatIsThereAtTheStart_IsVerifiedWhenSomebodyAsks()
    {
        await using var again = new LanDevice(_releases, LanDevice.FreePort());
        var name = Directory.GetFiles(_device.Store.Shared).Single();
        File.Copy(name, System.IO.Path.Combine(again.Store.Shared, System.IO.Path.GetFileName(name)));
        var shared = new SharedArtifacts(Agent.Disk.PhysicalDisk.Instance, again.Store.Shared, 1 << 20, 0);
        using var stop = new CancellationTokenSource();
        var server = new NeighbourServer(shared, again.Options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<NeighbourServer>.Instance).RunAsync(stop.Token);

        var found = await new NeighbourFinder(again.Options, TimeProvider.System).FindAsync(_sha256, [], Ct);

        Assert.Single(found);
        await stop.CancelAsync();
        await server;
    }

    private static bool IsOpen(Socket socket) => !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0) && !HasEnded(socket);

    private static bool HasEnded(Socket socket)
    {
        // TCP_INFO: 1 is established.
        Span<byte> info = stackalloc byte[8];
        socket.GetRawSocketOption(6, 11, info);
        return info[0] != 1;
    }

    private static async Task<int> AnswersAsync(Socket mouth, TimeSpan within)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        over.CancelAfter(within);
        var count = 0;
        try
        {
            while (true)
            {
                await mouth.ReceiveFromAsync(new byte[100], SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), over.Token);
                count++;
            }
        }
        catch (OperationCanceledException)
        {
            return count;
        }
    }

    private async Task<Socket> ConnectAsync(string from = "127.0.0.2")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Ttl = 255 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), Ct);
        return socket;
    }

    private HttpClient Client() => new(new SocketsHttpHandler { ConnectCallback = async (_, _) => new NetworkStream(await ConnectAsync(), ownsSocket: true) })
    {
        BaseAddress = new Uri("http://neighbour"),
    };

    private async Task<string> ExchangeAsync(string request, string from = "127.0.0.2")
    {
        using var socket = await ConnectAsync(from);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Ct);
        return await ReadAsync(socket);
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(Ct);
    }

    /// <summary>A byte now and then, and no end.</summary>
    private async Task<string> DripAsync()
    {
        using var socket = await ConnectAsync();
        try
        {
            while (IsOpen(socket))
            {
                await socket.SendAsync("x"u8.ToArray(), Ct);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
            }

            return await ReadAsync(socket);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return "";
        }
    }
}
