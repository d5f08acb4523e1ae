namespace Messaging.Agent.Status;

/// <param name="State"><c>enrolled</c>, <c>pending</c>, <c>refused</c> or <c>not-enrolled</c>.</param>
/// <param name="DeviceId">32 hex digits.</param>
/// <param name="Name">The name that operators see.</param>
/// <param name="FleetFingerprint">SHA-256 of the root that the enrolment began with, hex.</param>
/// <param name="RootVersion">Version of the newest verified root.</param>
/// <param name="RosterVersion">Version of the newest verified roster.</param>
internal sealed record EnrolmentStatus(string State, string? DeviceId, string? Name, string? FleetFingerprint, ulong? RootVersion, ulong? RosterVersion);
