namespace Messaging.FleetServer.Access;

/// <param name="Required">There is no owner yet.</param>
internal sealed record SetupView(bool Required);
