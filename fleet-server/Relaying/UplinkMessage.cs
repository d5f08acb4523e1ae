using Messaging.Wire;

namespace Messaging.FleetServer.Relaying;

/// <summary>What came on a device's uplink topic: nothing of it is trusted yet.</summary>
/// <param name="Device">By the topic, so by the relay's word.</param>
/// <param name="Frame">The payload, owned by the receiver.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="AcknowledgeAsync">
/// Lets the relay send more. To be called once for each message, stored or not; never throws for a lost connection.
/// </param>
internal sealed record UplinkMessage(PrincipalId Device, byte[] Frame, DateTimeOffset ReceivedAt, Func<Task> AcknowledgeAsync);
