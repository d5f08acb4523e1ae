namespace Messaging.FleetServer.Access;

/// <param name="Token">The secret: this answer is the only place that ever shows it.</param>
internal sealed record CreatedApiTokenView(
    string Id, string Name, string Role, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, string Token);
