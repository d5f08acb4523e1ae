using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>What a roster says.</summary>
/// <param name="FleetId">The fleet's random 16-byte name.</param>
/// <param name="RootVersion">The root whose owners sign it.</param>
/// <param name="Version">Only ever rises under one root: a device that knows a version refuses lower ones.</param>
/// <param name="IssuedAtUnixMs">When it was signed, in Unix milliseconds.</param>
/// <param name="ExpiresAtUnixMs">After when it lets nobody but servers command, in Unix milliseconds; null: never.</param>
/// <param name="Principals">The servers, operators and owners whose words devices heed. At most 256.</param>
/// <param name="Policy">What each of them may have devices do.</param>
/// <param name="Homes">Where a device looks for a newer roster when its server does not bring one: base addresses, http or https. At most 16, of at most 512 bytes.</param>
public sealed record RosterContent(
    PrincipalId FleetId,
    ulong RootVersion,
    ulong Version,
    long IssuedAtUnixMs,
    long? ExpiresAtUnixMs,
    IReadOnlyList<RosterPrincipal> Principals,
    Policy Policy,
    IReadOnlyList<string> Homes)
{
    /// <summary>The first principal with a role, or null.</summary>
    public RosterPrincipal? FindByRole(string role) => Principals.FirstOrDefault(principal => principal.HasRole(role));

    /// <summary>A principal, or null.</summary>
    public RosterPrincipal? Find(PrincipalId id) => Principals.FirstOrDefault(principal => principal.Id == id);
}
