using System.Text;

namespace Messaging.Relay.Transport;

/// <summary>A message on its way to a client: topic, sealed bytes, quality of service. The relay passes on nothing else.</summary>
/// <param name="Topic">The topic that it was published to.</param>
/// <param name="Payload">The bytes; shared between recipients, never changed.</param>
/// <param name="IsAcknowledged">True for QoS 1, false for QoS 0.</param>
internal readonly record struct OutboundMessage(string Topic, ReadOnlyMemory<byte> Payload, bool IsAcknowledged)
{
    /// <summary>What a waiting message costs besides its bytes: queue entry, packet, bookkeeping. Without it, a flood of empty messages would be free.</summary>
    private const int OverheadBytes = 256;

    /// <summary>Bytes that the message is charged with while it waits.</summary>
    public int Charge => Payload.Length + OverheadBytes;

    /// <summary>Bytes of the PUBLISH packet, at most: fixed header, topic, packet id, empty properties, payload.</summary>
    public int PacketBytes => 5 + 2 + Encoding.UTF8.GetByteCount(Topic) + 2 + 1 + Payload.Length;
}
