namespace Messaging.FleetServer.Devices;

/// <summary>What an operator or a device may store about a device, in characters and entries.</summary>
internal static class DeviceLimits
{
    public const int NameLength = 100;

    /// <summary>Whatever the characters, a tag then fits in the 128 bytes that the protocol gives it.</summary>
    public const int TagLength = 42;
    public const int Tags = 32;
    public const int Facts = 128;
    public const int FactLength = 512;
}
