using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Tests.Support;
using Messaging.Updates.Deltas;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>Devices of one network, over real sockets: what one has fetched the others take from it, and what a hostile one does.</summary>
public sealed class NeighbourUpdateTests : IAsyncDisposable
{
    private const string Target = "app/1.1.0/app.tar";
    private readonly byte[] _artifact = RandomNumberGenerator.GetBytes(300_000);
    private readonly TestReleases _releases = new();
    private readonly int _port = LanDevice.FreePort();
    private readonly List<IAsyncDisposable> _all = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _all)
        {
            await one.DisposeAsync();
        }

        _releases.Dispose();
    }

    [Fact]
    public async Task Devices_AfterTheFirst_TakeItFromEachOther()
    {
        var assigned = Add();
        var first = Device().Serve();
        await Committed(first, assigned);
        Assert.Equal(_artifact.Length, _releases.Served);

        var (second, third) = (Device(), Device());
        await Task.WhenAll(Committed(second.Serve(), assigned), Committed(third, assigned));

        Assert.Equal(_artifact.Length, _releases.Served);
        Assert.Equal("1.1.0", third.Current);
        Assert.Equal(_artifact, Assert.Single(second.Kept));
        Assert.Equal(new FetchedBytes(0, _artifact.Length, 0), first.Fetched);
        Assert.All([second, third], device => Assert.Equal(new FetchedBytes(_artifact.Length, 0, 0), device.Fetched));
        Assert.Equal(2 * _artifact.Length, first.Server!.Given + second.Server!.Given);
    }

    [Fact]
    public async Task Device_ThatIsNotAsked_AndOneThatIsAlone_TakeItFromTheMirror()
    {
        var assigned = Add();
        await Committed(Device().Serve(), assigned);
        var (off, alone) = (Device(), new LanDevice(_releases, LanDevice.FreePort()));
        _all.Add(alone);

        await RunAsync(off.World(withNeighbours: false), assigned);
        await Committed(alone, assigned);

        Assert.Equal(3 * _artifact.Length, _releases.Served);
    }

    [Fact]
    public async Task EncryptedArtifact_IsSharedAsItIsEncrypted()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var sealedBytes = new byte[ContentCipher.SealedLength(_artifact.Length)];
        using (var cipher = new ContentCipher(key, Target))
        {
            for (var (from, to) = (0, 0); from < _artifact.Length; from += ContentCipher.PieceBytes, to += ContentCipher.PieceBytes + ContentCipher.TagBytes)
            {
                var piece = _artifact.AsSpan(from, Math.Min(ContentCipher.PieceBytes, _artifact.Length - from));
                cipher.Seal(piece, from + piece.Length == _artifact.Length, sealedBytes.AsSpan(to));
            }
        }

        var added = _releases.Add(Target, sealedBytes, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2, parts => (parts.IsEncrypted, parts.Content) = (true, _artifact))));
        var assigned = new UpdateArguments { Target = added.Target, Length = added.Length, Sha256 = added.Sha256, Seconds = 3600, Key = key };
        var first = Device().Serve();
        await Committed(first, assigned);
        Assert.Equal(sealedBytes, Assert.Single(first.Kept));

        await Committed(Device(), assigned);

        Assert.Equal(sealedBytes.Length, _releases.Served);
    }

    [Fact]
    public async Task Delta_ThatNoNeighbourHas_GivesWayToTheWholeOfOne()
    {
        var (first, second) = (Device(), Device());
        await RunAsync(second.World(withNeighbours: false), Add());
        byte[] next = [.. _artifact[..50_000], .. "something new"u8, .. _artifact[50_000..]];
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("old"), _artifact, Ct);
        await File.WriteAllBytesAsync(folder.File("new"), next, Ct);
        using var delta = new MemoryStream();
        await DeltaWriter.WriteAsync(folder.File("old"), folder.File("new"), delta, stop: Ct);
        _releases.Add("app/1.2.0/from-1.1.0.delta", delta.ToArray(), ReleaseWriter.Delta());
        var source = new Release.DeltaSource(Convert.ToHexStringLower(SHA256.HashData(_artifact)), "app/1.2.0/from-1.1.0.delta");
        var assigned = _releases.Add("app/1.2.0/app.tar", next, ReleaseWriter.Write(TestReleases.Tree("1.2.0", 3, parts => parts.Deltas = [source])));
        await Committed(first.Serve(), assigned);
        var served = _releases.Served;

        await Committed(second.Serve(), assigned);
        Assert.Equal(served, _releases.Served);
        Assert.Equal("1.2.0", second.Current);

        // Where the delta was made into the whole, both can be had.
        var third = Device();
        await RunAsync(third.World(withNeighbours: false), Add());
        served = _releases.Served;
        await RunAsync(third.World(withNeighbours: false), assigned);
        Assert.Equal(served + delta.Length, _releases.Served);
        Assert.Contains(third.Kept, kept => kept.AsSpan().SequenceEqual(next));
        Assert.Contains(third.Kept, kept => kept.AsSpan().SequenceEqual(delta.ToArray()));
    }

    [Fact]
    public async Task MeteredLink_HoldsTheMirror_AndNotTheNeighbours()
    {
        var assigned = Add();
        var device = Device();
        var update = RunAsync(device.World(static () => "It waits for a link that is not metered."), assigned);
        await Eventually.True(() => _releases.Asked.Contains("metadata/timestamp.json"), "the metadata is looked up");
        Assert.Equal(0, _releases.Served);

        // Somebody brings a device that has it.
        var other = Device();
        await RunAsync(other.World(withNeighbours: false), assigned);
        other.Serve();
        await update;

        Assert.Equal(_artifact.Length, _releases.Served);
        Assert.Equal("1.1.0", device.Current);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("endless")]
    [InlineData("endless chunks")]
    [InlineData("endless head")]
    [InlineData("drip")]
    [InlineData("silence")]
    [InlineData("garbage")]
    [InlineData("missing")]
    [InlineData("redirect")]
    [InlineData("hangs up")]
    [InlineData("closes midway")]
    [InlineData("busy")]
    public async Task HostileNeighbour_HarmsNothing(string how)
    {
        var assigned = Add();
        await using var hostile = Hostile(assigned, how is "busy" or "silence" ? 1 : 200, Does(how));
        var device = Device();
        var world = device.World();

        await RunAsync(world, assigned);

        Assert.Equal((UpdateState.Committed, ""), (Assert.Single(world.Receipts).Outcome, world.Receipts[0].Reason));
        // .NET tries again where nothing came at all.
        Assert.InRange(hostile.Connections, 1, how is "busy" ? 6 : how is "hangs up" ? 4 : 1);
        Assert.InRange(_releases.Served, _artifact.Length - (how == "closes midway" ? 150_000 : 0), _artifact.Length);
        Assert.Equal(_artifact, Assert.Single(device.Kept));
    }

    [Fact]
    public async Task HostileNeighbour_BesideAnHonestOne_CostsTheMirrorNothing()
    {
        var assigned = Add();
        await Committed(Device().Serve(), assigned);
        await using var hostile = Hostile(assigned, 1, Does("wrong"));

        for (var i = 0; i < 4; i++)
        {
            await Committed(Device(), assigned);
        }

        Assert.Equal(_artifact.Length, _releases.Served);
    }

    [Fact]
    public async Task NeighbourThatClosesMidway_IsGoneOnWithWhereItWas()
    {
        var assigned = Add();
        await using var hostile = Hostile(assigned, 1, Does("closes midway"));

        await Committed(Device(), assigned);

        Assert.Equal(_artifact.Length - 150_000, _releases.Served);
    }

    [Fact]
    public async Task WrongBytesBeforeThoseOfTheMirror_AreFetchedAgain_AndNoOthers()
    {
        var assigned = Add();
        await using var hostile = Hostile(assigned, 1, HostileNeighbour.Answering(_ => [.. Head(200, _artifact.Length), .. new byte[150_000]]));
        var offsets = new List<long>();
        _releases.AskedFrom = offsets.Add;
        var device = Device();

        await Committed(device, assigned);

        Assert.Equal([150_000, 0], offsets);
        Assert.Equal(new FetchedBytes(150_000, _artifact.Length, 0), device.Fetched);
        Assert.Equal(_artifact.Length, _releases.Served);
    }

    [Fact]
    public async Task WrongBytesAfterThoseOfTheMirror_TakeNothingOfThem()
    {
        var assigned = Add();
        var device = Device();
        HostileNeighbour? hostile = null;
        _releases.Answer = path =>
        {
            if (!path.StartsWith("targets/", StringComparison.Ordinal) || hostile is not null)
            {
                return null;
            }

            // The mirror breaks off, and then somebody comes.
            hostile = Hostile(assigned, 1, HostileNeighbour.Answering(head =>
                [.. Head(206, _artifact.Length - HostileNeighbour.Offset(head), HostileNeighbour.Offset(head)), .. new byte[_artifact.Length - HostileNeighbour.Offset(head)]]));
            return new HttpResponseMessage { Content = new StreamContent(new BrokenOff(_artifact[..180_000])) };
        };

        await Committed(device, assigned);
        await hostile!.DisposeAsync();

        Assert.Equal(1, hostile.Connections);
        Assert.Equal(_artifact.Length - 180_000, _releases.Served);
    }

    [Fact]
    public async Task NeighbourThatRefusesRanges_TakesNothingOfWhatIsThere()
    {
        var assigned = Add();
        HostileNeighbour? hostile = null;
        _releases.Answer = path =>
        {
            if (!path.StartsWith("targets/", StringComparison.Ordinal) || hostile is not null)
            {
                return null;
            }

            hostile = Hostile(assigned, 1, HostileNeighbour.Answering(_ => [.. Head(200, _artifact.Length), .. _artifact]));
            return new HttpResponseMessage { Content = new StreamContent(new BrokenOff(_artifact[..180_000])) };
        };

        await Committed(Device(), assigned);
        await hostile!.DisposeAsync();

        Assert.Equal(_artifact.Length - 180_000, _releases.Served);
    }

    [Fact]
    public async Task NeighbourWhoDoesNotKnowTheArtifact_IsNotAsked()
    {
        var assigned = Add();
        await using var hostile = new HostileNeighbour("127.0.0.2", _port, RandomNumberGenerator.GetBytes(32), 50, Does("wrong"));

        await Committed(Device(), assigned);

        Assert.Equal(0, hostile.Connections);
    }

    private static byte[] Head(int status, long length, long offset = 0) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {length}\r\n{(status == 206 ? $"Content-Range: bytes {offset}-{offset + length - 1}/{offset + length}\r\n" : "")}\r\n");

    private Func<Socket, string, CancellationToken, Task> Does(string how) => how switch
    {
        "wrong" => HostileNeighbour.Answering(_ => [.. Head(200, _artifact.Length), .. new byte[_artifact.Length]]),
        "short" => HostileNeighbour.Answering(_ => [.. Head(200, 1000), .. _artifact[..1000]]),
        "long" => HostileNeighbour.Answering(_ => [.. Head(200, _artifact.Length + 1), .. _artifact, 0]),
        "garbage" => HostileNeighbour.Answering(_ => RandomNumberGenerator.GetBytes(5000)),
        "missing" => HostileNeighbour.Answering(_ => Head(404, 0)),
        "redirect" => HostileNeighbour.Answering(_ => Encoding.ASCII.GetBytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")),
        "busy" => HostileNeighbour.Answering(_ => Encoding.ASCII.GetBytes("HTTP/1.1 503 Busy\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n")),
        "hangs up" => static (_, _, _) => Task.CompletedTask,
        "silence" => static (_, _, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct),
        "closes midway" => HostileNeighbour.Answering(_ => [.. Head(200, _artifact.Length), .. _artifact[..150_000]]),
        "drip" => (socket, _, ct) => Repeat(socket, Head(200, _artifact.Length), [_artifact[0]], TimeSpan.FromMilliseconds(5), ct),
        "endless" => static (socket, _, ct) => Repeat(socket, Head(200, long.MaxValue), new byte[32 * 1024], TimeSpan.Zero, ct),
        "endless chunks" => static (socket, _, ct) => Repeat(
            socket, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), [.. "8000\r\n"u8, .. new byte[0x8000], .. "\r\n"u8], TimeSpan.Zero, ct),
        "endless head" => static (socket, _, ct) => Repeat(socket, "HTTP/1.1 200 x\r\n"u8.ToArray(), "X-Filler: aaaaaaaaaaaaaaaa\r\n"u8.ToArray(), TimeSpan.Zero, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(how)),
    };

    private static async Task Repeat(Socket socket, byte[] head, byte[] piece, TimeSpan pause, CancellationToken ct)
    {
        await socket.SendAsync(head, ct);
        while (true)
        {
            await socket.SendAsync(piece, ct);
            await Task.Delay(pause, TimeProvider.System, ct);
        }
    }

    private static async Task RunAsync(UpdateWorld world, UpdateArguments assigned) => await world.RunAsync(assigned, isFollowed: false, Ct);

    private static async Task Committed(LanDevice device, UpdateArguments assigned)
    {
        var world = device.World();
        await RunAsync(world, assigned);
        Assert.Equal((UpdateState.Committed, ""), (Assert.Single(world.Receipts).Outcome, world.Receipts[0].Reason));
    }

    private HostileNeighbour Hostile(UpdateArguments assigned, int offers, Func<Socket, string, CancellationToken, Task> serve) => new("127.0.0.2", _port, assigned.Sha256.ToArray(), offers, serve);

    private LanDevice Device()
    {
        var device = new LanDevice(_releases, _port);
        _all.Add(device);
        return device;
    }

    private UpdateArguments Add() => _releases.Add(Target, _artifact, ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2)));

    private sealed class BrokenOff(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("the line broke");
    }
}
