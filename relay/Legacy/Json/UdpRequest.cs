namespace Messaging.Relay.Legacy.Json;

/// <summary>A datagram to the UDP bridge.</summary>
/// <param name="Action">push or pull.</param>
/// <param name="Payload">What POST /event or POST /receive would have as their bodies.</param>
internal sealed record UdpRequest(string? Action, RawJson? Payload);
