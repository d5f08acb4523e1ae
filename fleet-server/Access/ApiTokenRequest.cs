namespace Messaging.FleetServer.Access;

/// <param name="ExpiresIn">Seconds; null: until it is deleted.</param>
internal sealed record ApiTokenRequest(string? Name = null, string? Role = null, long? ExpiresIn = null);
