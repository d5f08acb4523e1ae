namespace Messaging.FleetServer.Files;

/// <summary>Why a file is not complete, or not any more. Devices may give other words. docs/reference/api.md explains each.</summary>
internal static class FileReason
{
    /// <summary>Larger than this server takes.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The device has too many unfinished ones.</summary>
    public const string TooMany = "too-many";

    /// <summary>The device's share is full: of files on their way, or, for one that was complete, of newer ones.</summary>
    public const string DeviceQuota = "device-quota";

    /// <summary>What came is not what was announced.</summary>
    public const string HashMismatch = "sha256-mismatch";

    /// <summary>While it is received: what came before was not what was announced, or was lost here, and all of it comes once more.</summary>
    public const string SentAgain = "sent-again";

    /// <summary>Nothing of it came for the longest time that a device may be offline.</summary>
    public const string TimedOut = "timed-out";

    /// <summary>An operator deleted it before it was whole.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its content is gone from the data folder.</summary>
    public const string Lost = "lost";

    /// <summary>It is older than files are kept.</summary>
    public const string Retention = "retention";
}
