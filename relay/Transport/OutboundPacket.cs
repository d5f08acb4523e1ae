namespace Messaging.Relay.Transport;

/// <summary>A message that is due to be written now.</summary>
/// <param name="Message">What to write.</param>
/// <param name="PacketId">The packet identifier of QoS 1; 0 of QoS 0.</param>
internal readonly record struct OutboundPacket(OutboundMessage Message, ushort PacketId);
