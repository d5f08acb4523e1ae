namespace Messaging.FleetServer.Access;

internal sealed record OperatorRequest(string? Username = null, string? Password = null, string? Role = null);
