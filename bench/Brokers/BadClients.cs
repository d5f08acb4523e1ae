using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Bench.Brokers;

/// <summary>Clients that mean no good: twenty of a kind at any time, each of which begins again when it is over.</summary>
internal sealed class BadClients(int port)
{
    private const int OfAKind = 20;
    private static readonly byte[] Connect = [0x10, 16, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 4, .. "evil"u8];
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly (string Name, Func<Socket, CancellationToken, Task> Attack)[] Kinds =
    [
        ("say nothing", UntilClosedAsync),
        ("send noise", NoiseAsync),
        ("announce 256 MB", AnnounceAsync),
        ("drip a CONNECT", DripAsync),
        ("subscribe 2,000 filters", SubscribeAsync),
        ("publish to 2,000 topics, retained", PublishAsync),
        ("subscribe what all say, and take nothing", TakeNothingAsync),
    ];

    private readonly long[] _counts = new long[Kinds.Length];

    /// <summary>How many there were of each kind.</summary>
    public IEnumerable<(string Name, long Count)> Counts => Kinds.Zip(_counts, static (kind, count) => (kind.Name, count));

    public Task RunAsync(CancellationToken ending) =>
        Task.WhenAll(Enumerable.Range(0, Kinds.Length * OfAKind).Select(index => RunAsync(index % Kinds.Length, ending)));

    private static async Task NoiseAsync(Socket socket, CancellationToken ending)
    {
        await socket.SendAsync(RandomNumberGenerator.GetBytes(2000), ending);
        await UntilClosedAsync(socket, ending);
    }

    private static async Task AnnounceAsync(Socket socket, CancellationToken ending)
    {
        await socket.SendAsync(Connect, ending);
        await socket.SendAsync(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F }, ending);
        await UntilClosedAsync(socket, ending);
    }

    private static async Task DripAsync(Socket socket, CancellationToken ending)
    {
        foreach (var one in Connect)
        {
            await socket.SendAsync(new[] { one }, ending);
            await Task.Delay(Drip, TimeProvider.System, ending);
        }
    }

    private static async Task SubscribeAsync(Socket socket, CancellationToken ending)
    {
        await socket.SendAsync(Connect, ending);
        for (var index = 0; index < 2000; index++)
        {
            await socket.SendAsync(Subscribe($"bomb/{RandomNumberGenerator.GetHexString(16)}/+/#"), ending);
        }
    }

    private static async Task PublishAsync(Socket socket, CancellationToken ending)
    {
        await socket.SendAsync(Connect, ending);
        for (var index = 0; index < 2000; index++)
        {
            var topic = Encoding.ASCII.GetBytes($"explosion/{RandomNumberGenerator.GetInt32(20_000)}");
            await socket.SendAsync(new byte[] { 0x31, (byte)(topic.Length + 3), 0, (byte)topic.Length }.Concat(topic).Append((byte)1).ToArray(), ending);
        }
    }

    private static async Task TakeNothingAsync(Socket socket, CancellationToken ending)
    {
        socket.ReceiveBufferSize = 4096;
        await socket.SendAsync(Connect, ending);
        await socket.SendAsync(Subscribe("soak/#"), ending);
        await Task.Delay(Stuck, TimeProvider.System, ending);
    }

    private static byte[] Subscribe(string filter) => [0x82, (byte)(filter.Length + 5), 0, 1, 0, (byte)filter.Length, .. Encoding.ASCII.GetBytes(filter), 0];

    private static async Task UntilClosedAsync(Socket socket, CancellationToken ending)
    {
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, ending) > 0)
        {
            // What it says does not matter.
        }
    }

    private async Task RunAsync(int kind, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ending);
                Interlocked.Increment(ref _counts[kind]);
                await Kinds[kind].Attack(socket, ending);
                await Task.Delay(Pause, TimeProvider.System, ending);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // It was cut, as it should be.
            }
        }
    }
}
