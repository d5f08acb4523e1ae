namespace Messaging.FleetServer.Access;

/// <summary>What becomes of an attempt to sign in.</summary>
/// <param name="Refused">Not now from this address; see <paramref name="RetryAfter"/>.</param>
/// <param name="Delay">How long the attempt waits before it is looked at.</param>
internal readonly record struct LoginVerdict(bool Refused, TimeSpan RetryAfter, TimeSpan Delay);
