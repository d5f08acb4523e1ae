using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>A principal in a roster: [principalId, identityPoint, [hpkePoint...], [role...]].</summary>
/// <param name="Id">The principal.</param>
/// <param name="Identity">Its current identity key.</param>
/// <param name="HpkeKeys">Its HPKE keys, newest first: seal to the first. At most 8.</param>
/// <param name="Roles">Its roles: see <see cref="Rosters.Roles"/>. At most 16, of at most 64 bytes.</param>
public sealed record RosterPrincipal(
    PrincipalId Id, IdentityPublicKey Identity, IReadOnlyList<HpkePublicKey> HpkeKeys, IReadOnlyList<string> Roles)
{
    /// <summary>True if the principal has a role.</summary>
    public bool HasRole(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
