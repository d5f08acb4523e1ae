using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Messaging.EndToEnd.Harness;

/// <summary>
/// A relay in the attacker's hands: everything that passes between the real relay and its clients passes here.
/// <see cref="Attack"/> decides what goes on instead of each PUBLISH, and more can be put in at any time.
/// </summary>
internal sealed class EvilRelay : TcpForwarder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly int _relayPort;
    private readonly ConcurrentDictionary<Link, string> _links = [];

    public EvilRelay(int relayPort)
        : base(port: 0)
    {
        _relayPort = relayPort;
        Begin();
    }

    /// <summary>Gets or sets what becomes of a message: none, one or several messages, in order.</summary>
    public Func<MqttPublish, IEnumerable<MqttPublish>> Attack { get; set; } = static publish => [publish];

    /// <summary>Puts messages in on the way to whoever gets messages of their topic; waits until there is somebody.</summary>
    public async Task InjectDown(params IEnumerable<MqttPublish> messages)
    {
        foreach (var message in messages)
        {
            var link = await Eventually.Get(
                $"somebody is connected who gets messages of {message.Topic}", Patience, () => Task.FromResult(_links.FirstOrDefault(one => one.Value == message.Topic).Key), static one => one is not null);
            await link!.Write(link.Client, link.DownGate, message.AsCopy().ToPacket());
        }
    }

    protected override async Task ServeAsync(NetworkStream client, CancellationToken stop)
    {
        await using var relay = await ConnectAsync(_relayPort, stop);
        using var link = new Link(client, stop);
        try
        {
            await BothAsync(
                ended => Pump(client, ToRelay, ToClient, _ => { }, ended),
                ended => Pump(relay, ToClient, ToRelay, topic => _links[link] = topic, ended),
                stop);
        }
        finally
        {
            _links.TryRemove(link, out _);
        }

        Task ToRelay(byte[] packet) => link.Write(relay, link.UpGate, packet);

        Task ToClient(byte[] packet) => link.Write(client, link.DownGate, packet);
    }

    /// <summary>PUBACK of a message that was never passed on (OASIS MQTT 5.0, section 3.4): whoever sent it is to believe that it was.</summary>
    private static byte[] Acknowledgement(MqttPublish publish) => [0x40, 2, (byte)(publish.PacketId >> 8), (byte)publish.PacketId];

    private async Task Pump(Stream from, Func<byte[], Task> write, Func<byte[], Task> answer, Action<string> seen, CancellationToken cancel)
    {
        while (await MqttPackets.Read(from, cancel) is var (firstByte, body))
        {
            if (!MqttPublish.TryParse(firstByte, body, out var publish))
            {
                await write(MqttPackets.Join(firstByte, body));
                continue;
            }

            seen(publish.Topic);
            var isPassedOn = publish.PacketId == 0;
            foreach (var packet in Attack(publish))
            {
                isPassedOn |= packet.PacketId == publish.PacketId;
                await write(packet.ToPacket());
            }

            if (!isPassedOn)
            {
                await answer(Acknowledgement(publish));
            }
        }
    }

    /// <summary>One client's connection: packets are written whole, whoever writes them.</summary>
    private sealed class Link(NetworkStream client, CancellationToken stop) : IDisposable
    {
        public NetworkStream Client => client;

        public SemaphoreSlim UpGate { get; } = new(1, 1);

        public SemaphoreSlim DownGate { get; } = new(1, 1);

        public async Task Write(Stream to, SemaphoreSlim gate, byte[] packet)
        {
            await gate.WaitAsync(stop);
            try
            {
                await to.WriteAsync(packet, stop);
            }
            finally
            {
                gate.Release();
            }
        }

        public void Dispose()
        {
            UpGate.Dispose();
            DownGate.Dispose();
        }
    }
}
