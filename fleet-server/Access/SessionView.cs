namespace Messaging.FleetServer.Access;

/// <param name="CsrfToken">What unsafe requests carry in X-CSRF-Token; null when the caller came by an API token.</param>
internal sealed record SessionView(UserView User, string? CsrfToken);
