using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>What a root says: who may say everything else.</summary>
/// <param name="FleetId">The fleet's random 16-byte name.</param>
/// <param name="Version">1 for the first; each next one is one higher.</param>
/// <param name="IssuedAtUnixMs">When it was signed, in Unix milliseconds.</param>
/// <param name="Root">The keys that sign this and the next root.</param>
/// <param name="Owner">The keys that sign rosters.</param>
public sealed record RootContent(PrincipalId FleetId, ulong Version, long IssuedAtUnixMs, KeyRole Root, KeyRole Owner);
