using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Enrolment;

/// <summary>What the device knows since it was let into the fleet.</summary>
/// <param name="deviceId">Its id.</param>
/// <param name="name">The name that the fleet gave it.</param>
/// <param name="tags">Its tags then.</param>
/// <param name="groups">Its groups then.</param>
/// <param name="baseUrl">The server's address.</param>
/// <param name="rootFingerprint">SHA-256 of the payload of a root of the fleet: what everything else is verified with.</param>
/// <param name="trust">Whom to trust then, a <see cref="TrustBundle"/>.</param>
internal sealed class EnrolmentRecord(
    PrincipalId deviceId,
    string name,
    IReadOnlyList<string> tags,
    IReadOnlyList<PrincipalId> groups,
    string baseUrl,
    byte[] rootFingerprint,
    byte[] trust)
{
    public PrincipalId DeviceId { get; } = deviceId;

    public string Name { get; } = name;

    public IReadOnlyList<string> Tags { get; } = tags;

    public IReadOnlyList<PrincipalId> Groups { get; } = groups;

    public string BaseUrl { get; } = baseUrl;

    public byte[] RootFingerprint { get; } = rootFingerprint;

    public byte[] Trust { get; } = trust;
}
