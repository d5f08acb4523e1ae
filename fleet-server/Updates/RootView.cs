namespace Messaging.FleetServer.Updates;

/// <summary>The newest root.</summary>
/// <param name="OfFleet">Whether the fleet's root keys of today have signed it: devices that are new can begin with it.</param>
/// <param name="NamesThisServer">Whether its snapshot and timestamp are this server's to sign.</param>
internal sealed record RootView(long Version, DateTimeOffset Expires, KeyRoleView Root, KeyRoleView Targets, bool OfFleet, bool NamesThisServer);
