using System.Collections.Frozen;
using Messaging.Wire;

namespace Messaging.Relay.Principals;

/// <summary>What the relay knows of a principal. Immutable.</summary>
/// <param name="Id">The principal.</param>
/// <param name="Key">Its current identity key.</param>
/// <param name="IsActive">False when it is revoked.</param>
/// <param name="Groups">The groups whose downlink it may subscribe.</param>
internal sealed record KnownPrincipal(PrincipalId Id, IdentityPublicKey Key, bool IsActive, FrozenSet<PrincipalId> Groups)
{
    /// <summary>Takes over an entry of control's directory, or answers null when its key is not a point of the curve.</summary>
    public static KnownPrincipal? From(DirectoryEntry entry) => IdentityPublicKey.TryImport(entry.IdentityPoint, out var key)
        ? new KnownPrincipal(entry.Id, key, entry.Status == DirectoryStatus.Active, entry.Groups.ToFrozenSet())
        : null;
}
