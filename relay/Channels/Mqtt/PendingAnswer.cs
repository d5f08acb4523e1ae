using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>A message that was read and is not answered yet.</summary>
/// <param name="Quality">How it is answered.</param>
/// <param name="PacketId">Its identifier; 0 with QoS 0.</param>
/// <param name="Appending">What it waits for; null: it is no record.</param>
/// <param name="Reason">The answer to what is no record.</param>
internal readonly record struct PendingAnswer(QualityOfService Quality, ushort PacketId, Task<AppendResult>? Appending, ReasonCode Reason = ReasonCode.Success);
