using Messaging.Crypto;

namespace Messaging.Agent.Identity;

/// <summary>New keys that the server has not yet confirmed; until then both the old and the new ones work.</summary>
/// <param name="KeyNo">Rises with each change.</param>
/// <param name="Hpke">The new encryption key.</param>
/// <param name="Identity">The new identity key, or null when it stays.</param>
internal sealed record PendingKeys(ulong KeyNo, HpkeKeyPair Hpke, IdentityKey? Identity);
