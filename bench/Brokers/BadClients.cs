using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Bench.Brokers;

/// <summary>
/// Clients that mean no good: twenty of a kind at any time, each of which begins again when it is over. Without TLS what two of the kinds do is the same as what two others do.
/// </summary>
internal sealed class BadClients(BrokerAddress address)
{
    /// <summary>Variable of the environment: the password of the broker's user.</summary>
    public const string Password = "BENCH_PASSWORD";

    private const int OfAKind = 20;
    private const byte Net = 4;
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly (string Name, bool IsBeforeTls, Func<BadClients, Stream, CancellationToken, Task> Attack)[] Kinds =
    [
        ("say nothing", false, static (bad, stream, ending) => UntilClosedAsync(stream, ending)),
        ("send noise", false, static (bad, stream, ending) => NoiseAsync(stream, ending)),
        ("announce 256 MB", false, static (bad, stream, ending) => bad.AnnounceAsync(stream, ending)),
        ("drip a CONNECT", false, static (bad, stream, ending) => bad.DripAsync(stream, ending)),
        ("subscribe 2,000 filters", false, static (bad, stream, ending) => bad.SubscribeAsync(stream, ending)),
        ("publish to 2,000 topics, retained", false, static (bad, stream, ending) => bad.PublishAsync(stream, ending)),
        ("subscribe what all say, and take nothing", false, static (bad, stream, ending) => bad.TakeNothingAsync(stream, ending)),
        ("say nothing before TLS", true, static (bad, stream, ending) => UntilClosedAsync(stream, ending)),
        ("send noise before TLS", true, static (bad, stream, ending) => NoiseAsync(stream, ending)),
    ];

    private readonly byte[] _connect = MqttLoadClient.Connect(address, "evil", isKept: false);
    private readonly long[] _counts = new long[Kinds.Length];

    /// <summary>Goes on until nobody writes to standard input any more, and says how many there were of each kind.</summary>
    public async Task<int> RunAsync()
    {
        using var ending = new CancellationTokenSource();
        var running = Task.WhenAll(Enumerable.Range(0, Kinds.Length * OfAKind).Select(index => Task.Run(() => RunAsync(index % Kinds.Length, address.Of(Net, index), ending.Token))));
        await Console.In.ReadToEndAsync();
        await ending.CancelAsync();
        await running;
        foreach (var (kind, count) in Kinds.Zip(_counts))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kind.Name} | {count} |"));
        }

        return 0;
    }

    private static async Task NoiseAsync(Stream stream, CancellationToken ending)
    {
        await stream.WriteAsync(RandomNumberGenerator.GetBytes(2000), ending);
        await UntilClosedAsync(stream, ending);
    }

    private async Task AnnounceAsync(Stream stream, CancellationToken ending)
    {
        await stream.WriteAsync(_connect, ending);
        await stream.WriteAsync(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F }, ending);
        await UntilClosedAsync(stream, ending);
    }

    private async Task DripAsync(Stream stream, CancellationToken ending)
    {
        foreach (var one in _connect)
        {
            await stream.WriteAsync(new[] { one }, ending);
            await Task.Delay(Drip, TimeProvider.System, ending);
        }
    }

    private async Task SubscribeAsync(Stream stream, CancellationToken ending)
    {
        await stream.WriteAsync(_connect, ending);
        for (var index = 0; index < 2000; index++)
        {
            await stream.WriteAsync(Subscribe($"bomb/{RandomNumberGenerator.GetHexString(16)}/+/#"), ending);
        }
    }

    private async Task PublishAsync(Stream stream, CancellationToken ending)
    {
        await stream.WriteAsync(_connect, ending);
        for (var index = 0; index < 2000; index++)
        {
            var topic = Encoding.ASCII.GetBytes($"explosion/{RandomNumberGenerator.GetInt32(20_000)}");
            await stream.WriteAsync(new byte[] { 0x31, (byte)(topic.Length + 3), 0, (byte)topic.Length }.Concat(topic).Append((byte)1).ToArray(), ending);
        }
    }

    private async Task TakeNothingAsync(Stream stream, CancellationToken ending)
    {
        await stream.WriteAsync(_connect, ending);
        await stream.WriteAsync(Subscribe("soak/#"), ending);
        await Task.Delay(Stuck, TimeProvider.System, ending);
    }

    private static byte[] Subscribe(string filter) => [0x82, (byte)(filter.Length + 5), 0, 1, 0, (byte)filter.Length, .. Encoding.ASCII.GetBytes(filter), 0];

    private static async Task UntilClosedAsync(Stream stream, CancellationToken ending)
    {
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, ending) > 0)
        {
            // What it says does not matter.
        }
    }

    private async Task RunAsync(int kind, BrokerAddress origin, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var (socket, stream) = await MqttLoadClient.OpenAsync(Kinds[kind].IsBeforeTls ? origin with { IsTls = false } : origin, ending);
                await using (stream)
                {
                    // Who takes nothing has little room for it.
                    socket.ReceiveBufferSize = 4096;
                    Interlocked.Increment(ref _counts[kind]);
                    await Kinds[kind].Attack(this, stream, ending);
                    await Task.Delay(Pause, TimeProvider.System, ending);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // It was cut, as it should be.
            }
        }
    }
}
