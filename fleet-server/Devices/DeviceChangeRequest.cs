namespace Messaging.FleetServer.Devices;

/// <summary>What is absent stays as it is.</summary>
internal sealed record DeviceChangeRequest(string? Name = null, IReadOnlyList<string>? Tags = null);
