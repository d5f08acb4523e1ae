using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>What a server says of itself.</summary>
/// <param name="FleetId">The fleet.</param>
/// <param name="Server">The server, a principal of the roster with the role server.</param>
/// <param name="Number">Rises with each notice of this server, and whenever the root or the roster changed: it says how new all of them are.</param>
/// <param name="IssuedAtUnixMs">When it was signed, in Unix milliseconds.</param>
/// <param name="RootVersion">The newest root that the server has.</param>
/// <param name="RosterVersion">The newest roster that the server has.</param>
/// <param name="HpkeKeys">Its HPKE keys, newest first: seal to the first. 1 to 8.</param>
/// <param name="Endpoints">Where the relays are, in order of preference: "mqtts://host:port", "wss://host/mqtt", "https://host/mqtt/poll". At most 16, of at most 512 bytes.</param>
/// <param name="TlsPins">SHA-256 of the SubjectPublicKeyInfo of certificates that the endpoints may show; none means the system's authorities decide. At most 16.</param>
public sealed record NoticeContent(
    PrincipalId FleetId,
    PrincipalId Server,
    ulong Number,
    long IssuedAtUnixMs,
    ulong RootVersion,
    ulong RosterVersion,
    IReadOnlyList<HpkePublicKey> HpkeKeys,
    IReadOnlyList<string> Endpoints,
    IReadOnlyList<byte[]> TlsPins);
