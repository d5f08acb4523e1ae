using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.State;
using Messaging.Updates.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>A device of a network that is the loopback interface, on a real disk: it shares when it is told to.</summary>
internal sealed class LanDevice : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TestReleases _releases;
    private readonly FastTime _time = new(Speed);
    private Task _server = Task.CompletedTask;

    public LanDevice(TestReleases releases, int port)
    {
        _releases = releases;
        Directory.CreateDirectory(_folder.File(UpdateWorld.Agent));
        Directory.CreateDirectory(_folder.File(UpdateWorld.Root));
        Options = new UpdateOptions
        {
            Installed = _folder.File(UpdateWorld.Root),
            Mirrors = TestReleases.Address,
            KeepFree = 0,
            Neighbours = "yes",
            Share = "yes",
            Lan = "lo",
            LanPort = port,
        };
        Shared = new SharedArtifacts(PhysicalDisk.Instance, Store.Shared, Options.ShareBytes, 0);
        Source = new NeighbourSource(new NeighbourFinder(Options, new FastTime(FinderSpeed)), _time, NullLogger<NeighbourSource>.Instance);
    }

    /// <summary>How much faster it goes while somebody is looked for: who answers are threads of this busy machine.</summary>
    private const int FinderSpeed = 4;

    /// <summary>How much faster the devices' time goes.</summary>
    public const int Speed = 20;

    public UpdateOptions Options { get; }

    public SharedArtifacts Shared { get; }

    public NeighbourSource Source { get; }

    public UpdateStore Store => new(PhysicalDisk.Instance, Path.Combine(_folder.Path, UpdateWorld.Agent, "updates"));

    /// <summary>From whom the bytes of its last update came, as it is on its disk.</summary>
    public FetchedBytes Fetched => Store.Last!.Fetched;

    /// <summary>What gives; null before it is told to.</summary>
    public NeighbourServer? Server { get; private set; }

    public string Current => FakeHooks.Current(PhysicalDisk.Instance, _folder.File(UpdateWorld.Root));

    public byte[][] Kept => [.. Directory.GetFiles(Store.Shared).Select(File.ReadAllBytes)];

    /// <summary>A port that nobody has, so that tests do not hear each other.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public UpdateWorld World(Func<string?>? held = null, bool withNeighbours = true) => new(PhysicalDisk.Instance, _releases, _folder.Path)
    {
        Speed = Speed,
        Options = Options,
        Neighbours = withNeighbours ? Source : null,
        Shared = Shared,
        Held = held ?? (static () => null),
    };

    /// <summary>It answers from now on.</summary>
    public LanDevice Serve(TimeProvider? time = null)
    {
        Server = new NeighbourServer(Shared, Options, time ?? _time, NullLogger<NeighbourServer>.Instance);
        _server = Server.RunAsync(_stop.Token);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server;
        _stop.Dispose();
        _folder.Dispose();
    }
}
