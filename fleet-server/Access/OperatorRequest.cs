namespace Messaging.FleetServer.Access;

internal sealed record OperatorRequest(string? Username, string? Password, string? Role);
