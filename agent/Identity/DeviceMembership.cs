using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>What this device is in its fleet.</summary>
/// <param name="deviceId">Its id.</param>
/// <param name="name">The name that operators see.</param>
/// <param name="groups">Its groups.</param>
/// <param name="baseUrl">The address of the server that let it in.</param>
/// <param name="rootFingerprint">SHA-256 of the payload of the root that the enrolment began with.</param>
internal sealed class DeviceMembership(PrincipalId deviceId, string name, IReadOnlyList<PrincipalId> groups, string baseUrl, byte[] rootFingerprint)
{
    public PrincipalId DeviceId { get; } = deviceId;

    public string Name { get; } = name;

    public IReadOnlyList<PrincipalId> Groups { get; } = groups;

    public string BaseUrl { get; } = baseUrl;

    public byte[] RootFingerprint { get; } = rootFingerprint;
}
