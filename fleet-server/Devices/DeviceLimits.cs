namespace Messaging.FleetServer.Devices;

/// <summary>What an operator or a device may store about a device, in characters and entries.</summary>
internal static class DeviceLimits
{
    public const int NameLength = 100;
    public const int TagLength = 64;
    public const int Tags = 32;
    public const int Facts = 64;
    public const int FactLength = 512;
    public const int ListEntries = 512;
    public const int ListEntryLength = 256;
}
