namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>The legacy profile.</summary>
/// <param name="Sessions">Agents that are connected.</param>
internal sealed record LegacyActivityView(int Sessions, CountersView Counters);
