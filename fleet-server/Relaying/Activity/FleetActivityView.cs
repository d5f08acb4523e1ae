namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>The fleet's part of the relay.</summary>
/// <param name="State">Of the link to it: disconnected, connecting, synchronizing or ready.</param>
/// <param name="LastError">Why the link ended last.</param>
/// <param name="Devices">Devices that are connected.</param>
/// <param name="Unauthenticated">Connections that have not proven yet who they are; null while the relay has not said it.</param>
/// <param name="Principals">Devices that the relay knows; null while it has not said it.</param>
/// <param name="Transports">Connected devices by what they are connected with: "mqtt5+tls", say.</param>
internal sealed record FleetActivityView(
    string State,
    string? LastError,
    int Devices,
    long? Unauthenticated,
    long? Principals,
    IReadOnlyDictionary<string, int> Transports,
    CountersView Counters);
