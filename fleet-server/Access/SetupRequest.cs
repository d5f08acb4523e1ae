namespace Messaging.FleetServer.Access;

/// <param name="SetupToken">What follows # in the set-up link.</param>
internal sealed record SetupRequest(string? SetupToken = null, string? Username = null, string? Password = null);
