namespace Messaging.FleetServer.Access;

/// <param name="CurrentPassword">Needed by who changes the own password.</param>
internal sealed record PasswordRequest(string? Password = null, string? CurrentPassword = null);
