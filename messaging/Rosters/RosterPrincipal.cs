using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>A principal in a roster: [principalId, identityPoint, [hpkePoint...], [role...], notAfter].</summary>
/// <param name="Id">The principal.</param>
/// <param name="Identity">Its current identity key.</param>
/// <param name="HpkeKeys">Its HPKE keys, newest first: seal to the first. At most 8. A server's are in its notice.</param>
/// <param name="Roles">Its roles: see <see cref="Rosters.Roles"/>. At most 16, of at most 64 bytes.</param>
/// <param name="NotAfterUnixMs">After when it may command nothing, in Unix milliseconds; null: as long as the roster says so.</param>
public sealed record RosterPrincipal(
    PrincipalId Id,
    IdentityPublicKey Identity,
    IReadOnlyList<HpkePublicKey> HpkeKeys,
    IReadOnlyList<string> Roles,
    long? NotAfterUnixMs = null)
{
    /// <summary>True if the principal has a role.</summary>
    public bool HasRole(string role)
    {
        foreach (var one in Roles)
        {
            if (string.Equals(one, role, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
