using Messaging.Wire;

namespace Messaging.Rosters;

/// <summary>What a roster says.</summary>
/// <param name="FleetId">The fleet's random 16-byte name.</param>
/// <param name="Version">Only ever rises: a device that knows a version refuses lower ones.</param>
/// <param name="IssuedAtUnixMs">When it was signed, in Unix milliseconds.</param>
/// <param name="Principals">The servers and operators whose words devices heed. At most 256.</param>
/// <param name="Endpoints">Where the relays are, in order of preference: "mqtts://host:port", "mqtt://...", "wss://..." At most 16, of at most 512 bytes.</param>
/// <param name="TlsPins">SHA-256 of the SubjectPublicKeyInfo of certificates that the endpoints may show; none means the system's authorities decide. At most 16.</param>
public sealed record RosterContent(
    PrincipalId FleetId,
    ulong Version,
    long IssuedAtUnixMs,
    IReadOnlyList<RosterPrincipal> Principals,
    IReadOnlyList<string> Endpoints,
    IReadOnlyList<byte[]> TlsPins)
{
    /// <summary>The first principal with a role, or null.</summary>
    public RosterPrincipal? FindByRole(string role) => Principals.FirstOrDefault(principal => principal.HasRole(role));

    /// <summary>A principal, or null.</summary>
    public RosterPrincipal? Find(PrincipalId id) => Principals.FirstOrDefault(principal => principal.Id == id);
}
