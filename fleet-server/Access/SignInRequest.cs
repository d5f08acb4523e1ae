namespace Messaging.FleetServer.Access;

internal sealed record SignInRequest(string? Username, string? Password);
