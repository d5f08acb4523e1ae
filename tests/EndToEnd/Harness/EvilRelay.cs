using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>
/// A relay in the attacker's hands: everything that passes between the real relay and its clients passes here, and
/// <see cref="Attack"/> decides what goes on instead of each PUBLISH.
/// </summary>
internal sealed class EvilRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private readonly int _relayPort;

    public EvilRelay(int relayPort)
    {
        _relayPort = relayPort;
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Gets or sets what becomes of a message: none, one or several messages, in order.</summary>
    public Func<MqttPublish, IEnumerable<MqttPublish>> Attack { get; set; } = static publish => [publish];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(Serve(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        using var relay = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            await relay.ConnectAsync(IPAddress.Loopback, _relayPort, ended.Token);
            var up = Pump(client.GetStream(), relay.GetStream(), ended.Token);
            var down = Pump(relay.GetStream(), client.GetStream(), ended.Token);
            await Task.WhenAny(up, down);
            await ended.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side went away, as the tests make them do: the other is closed by the using above.
        }
    }

    private async Task Pump(Stream from, Stream to, CancellationToken cancel)
    {
        while (await MqttPackets.Read(from, cancel) is var (firstByte, body))
        {
            if (!MqttPublish.TryParse(firstByte, body, out var publish))
            {
                await to.WriteAsync(MqttPackets.Join(firstByte, body), cancel);
                continue;
            }

            foreach (var packet in Attack(publish))
            {
                await to.WriteAsync(packet.ToPacket(), cancel);
            }
        }
    }
}
