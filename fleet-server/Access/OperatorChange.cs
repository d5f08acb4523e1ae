namespace Messaging.FleetServer.Access;

/// <summary>What is absent stays as it is.</summary>
internal sealed record OperatorChange(string? Role = null, bool? Disabled = null);
