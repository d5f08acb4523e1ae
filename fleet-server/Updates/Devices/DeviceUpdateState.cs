namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Where an update of a device is: the device's states, and those that only who assigned it can know. Everything from <see cref="Committed"/> on is an end.</summary>
internal enum DeviceUpdateState
{
    /// <summary>The device has not taken the command yet.</summary>
    Pending = 0,
    Assigned = 1,
    Downloading = 2,
    Verifying = 3,
    Staged = 4,
    Waiting = 5,
    Switching = 6,
    Booted = 7,
    Checking = 8,

    /// <summary>The device says that it has ended, and its signed receipt is not here yet.</summary>
    Unproven = 9,

    /// <summary>By a receipt that the device has signed, and by nothing else.</summary>
    Committed = 10,
    Reverted = 11,
    Failed = 12,

    /// <summary>The device did not take the command.</summary>
    Rejected = 13,

    /// <summary>The command's time was over before the device took it.</summary>
    Expired = 14,
    Cancelled = 15,

    /// <summary>The device began, and did not say how it ended.</summary>
    Unknown = 16,
}
