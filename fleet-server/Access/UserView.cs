namespace Messaging.FleetServer.Access;

internal sealed record UserView(string Id, string Username, string Role);
