namespace Messaging.FleetServer.Live;

/// <summary>What one live stream may hold, and how fast it goes.</summary>
internal static class LiveLimits
{
    /// <summary>Messages that wait for a slow reader; then it is told to read everything again.</summary>
    public const int MaxMessages = 256;

    /// <summary>Devices whose changes wait for a slow reader.</summary>
    public const int MaxDevices = 10_000;
    public const int MaxTopics = 64;
    public const int MaxStreams = 500;
    public const int MaxStreamsPerCaller = 32;

    /// <summary>Time between two comments that keep the connection open; the caller's access is checked again, too.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Changes of devices are collected for this long: "last seen" changes with every record.</summary>
    public static readonly TimeSpan DevicePause = TimeSpan.FromMilliseconds(300);
}
