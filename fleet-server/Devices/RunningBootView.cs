namespace Messaging.FleetServer.Devices;

/// <summary>A boot of a device.</summary>
/// <param name="Id">32 lower hex digits.</param>
/// <param name="UptimeMs">For how long it has been running, by the device's last word and this server's clock.</param>
internal sealed record RunningBootView(string Id, long UptimeMs);
