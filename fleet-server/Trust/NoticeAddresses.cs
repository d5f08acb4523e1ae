namespace Messaging.FleetServer.Trust;

/// <summary>Where devices find the relay and how they know it.</summary>
/// <param name="Endpoints">mqtt://, mqtts:// or wss:// addresses, best first.</param>
/// <param name="TlsPins">SHA-256 of the SubjectPublicKeyInfo of each certificate that may be met; empty: the system's roots decide.</param>
internal sealed record NoticeAddresses(IReadOnlyList<Uri> Endpoints, IReadOnlyList<byte[]> TlsPins);
