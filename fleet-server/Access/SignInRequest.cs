namespace Messaging.FleetServer.Access;

internal sealed record SignInRequest(string? Username = null, string? Password = null);
