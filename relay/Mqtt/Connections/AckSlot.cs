using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>The place of an acknowledgement among the others.</summary>
/// <param name="kind">PUBACK or PUBREC.</param>
/// <param name="packetId">What it answers.</param>
internal sealed class AckSlot(PacketKind kind, ushort packetId)
{
    public PacketKind Kind => kind;

    public ushort PacketId => packetId;

    /// <summary>Null: not known yet.</summary>
    public ReasonCode? Reason { get; set; }
}
