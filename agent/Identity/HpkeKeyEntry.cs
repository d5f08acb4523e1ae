using Messaging.Crypto;

namespace Messaging.Agent.Identity;

/// <summary>An encryption key of this device.</summary>
/// <param name="Pair">The key.</param>
/// <param name="RetiredAtUnixMs">When a newer one took over, by the trusted clock; null for the current key.</param>
internal sealed record HpkeKeyEntry(HpkeKeyPair Pair, long? RetiredAtUnixMs);
