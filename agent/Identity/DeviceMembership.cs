using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>What this device is in its fleet.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="Name">The name that operators see.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="BaseUrl">The address of the server that let it in.</param>
/// <param name="RootFingerprint">SHA-256 of the payload of the root that the enrolment began with.</param>
internal sealed record DeviceMembership(PrincipalId DeviceId, string Name, IReadOnlyList<PrincipalId> Groups, string BaseUrl, byte[] RootFingerprint);
