using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>
/// A relay in the attacker's hands: everything that passes between the real relay and its clients passes here, and
/// <see cref="Attack"/> decides what goes on instead of each PUBLISH.
/// </summary>
internal sealed class EvilRelay : TcpForwarder
{
    private readonly int _relayPort;

    public EvilRelay(int relayPort)
        : base(port: 0)
    {
        _relayPort = relayPort;
        Begin();
    }

    /// <summary>Gets or sets what becomes of a message: none, one or several messages, in order.</summary>
    public Func<MqttPublish, IEnumerable<MqttPublish>> Attack { get; set; } = static publish => [publish];

    protected override async Task ServeAsync(NetworkStream client, CancellationToken stop)
    {
        await using var relay = await ConnectAsync(_relayPort, stop);
        await BothAsync(ended => Pump(client, relay, ended), ended => Pump(relay, client, ended), stop);
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
