namespace Messaging.Relay.Legacy.Json;

/// <summary>A datagram from the UDP bridge, to a pull.</summary>
internal sealed record UdpAnswer(string Status, LegacyAnswer Result);
