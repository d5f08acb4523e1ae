namespace Messaging.Relay.Mqtt.Durability;

/// <summary>A delivery that had not ended.</summary>
/// <param name="Entry">The message and where it goes.</param>
/// <param name="PacketId">The identifier of a message of QoS 2 that may have been sent; 0: it waits.</param>
/// <param name="IsReleased">The client has the message.</param>
internal readonly record struct RestoredEntry(KeptEntry Entry, ushort PacketId, bool IsReleased);
