using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>What is known of the time over a restart. Unix milliseconds.</summary>
/// <param name="RootUnixMs">By what the fleet's root has signed.</param>
/// <param name="StatedUnixMs">By what another key has stated, if that is later; never far ahead of the root's.</param>
/// <param name="StatedBy">That key's principal; null where it is not known.</param>
internal sealed record TrustedTime(long RootUnixMs, long? StatedUnixMs, PrincipalId? StatedBy);
