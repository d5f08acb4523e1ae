using System.Collections.Immutable;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>All counters of the relay at one moment, by section and name.</summary>
/// <param name="At">A timestamp of the clock.</param>
/// <param name="Sections">Counters that only rise, until their process starts anew.</param>
internal sealed record RelaySample(long At, ImmutableDictionary<string, IReadOnlyDictionary<string, long>> Sections);
