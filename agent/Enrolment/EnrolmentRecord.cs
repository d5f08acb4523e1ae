using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Enrolment;

/// <summary>What the device knows since it was let into the fleet.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="Name">The name that the fleet gave it.</param>
/// <param name="Tags">Its tags then.</param>
/// <param name="Groups">Its groups then.</param>
/// <param name="BaseUrl">The server's address.</param>
/// <param name="RootFingerprint">SHA-256 of the payload of a root of the fleet: what everything else is verified with.</param>
/// <param name="Trust">Whom to trust then, a <see cref="TrustBundle"/>.</param>
internal sealed record EnrolmentRecord(
    PrincipalId DeviceId,
    string Name,
    IReadOnlyList<string> Tags,
    IReadOnlyList<PrincipalId> Groups,
    string BaseUrl,
    byte[] RootFingerprint,
    byte[] Trust);
