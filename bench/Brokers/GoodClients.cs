using System.Net.Sockets;

namespace Messaging.Bench.Brokers;

/// <summary>Clients that do nothing wrong, and notice when something goes wrong for them.</summary>
internal sealed class GoodClients(BrokerAddress address)
{
    private const byte TalkersNet = 2;
    private const byte NewcomersNet = 3;
    private const int Newcomers = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private long _messages;
    private long _connections;
    private long _failures;

    public long Messages => Interlocked.Read(ref _messages);

    public long Connections => Interlocked.Read(ref _connections);

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Publishes to itself with QoS 1, up to five times a second, and waits for each message.</summary>
    public Task TalkAsync(int number, byte[] payload, CancellationToken ending) => GuardAsync($"talker {number}", async () =>
    {
        var topic = $"soak/{number:000}";
        using var subscriber = await MqttLoadClient.ConnectAsync(address.Of(TalkersNet, number), $"ts{number}");
        using var publisher = await MqttLoadClient.ConnectAsync(address.Of(TalkersNet, number), $"tp{number}");
        await subscriber.SubscribeAsync(topic, 1);
        while (!ending.IsCancellationRequested)
        {
            var taking = subscriber.TakeAsync(1, static _ => { });
            await publisher.PublishAsync(topic, payload, 1, 1, new Pace(1), window: 1, atOnce: 1).WaitAsync(Patience, TimeProvider.System, CancellationToken.None);
            await taking.WaitAsync(Patience, TimeProvider.System, CancellationToken.None);
            Interlocked.Increment(ref _messages);
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    });

    /// <summary>Ten new clients a second.</summary>
    public Task ComeAndGoAsync(CancellationToken ending) => GuardAsync("a new client", async () =>
    {
        while (!ending.IsCancellationRequested)
        {
            (await MqttLoadClient.ConnectAsync(address.Of(NewcomersNet, (int)(_connections % Newcomers)), $"c{_connections}").WaitAsync(Patience, TimeProvider.System, CancellationToken.None)).Dispose();
            Interlocked.Increment(ref _connections);
            await Task.Delay(Pause / 2, TimeProvider.System, CancellationToken.None);
        }
    });

    private async Task GuardAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is IOException or SocketException or TimeoutException)
        {
            Interlocked.Increment(ref _failures);
            Console.Error.WriteLine($"{what}: {exception.Message}");
        }
    }
}
