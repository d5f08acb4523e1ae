namespace Messaging.FleetServer.Commands;

/// <summary>
/// The life of a command. Stored by number, shown in lower case. A device's own report is the truth and may still correct
/// <see cref="Expired"/> and <see cref="Unknown"/> when it arrives late.
/// </summary>
internal enum CommandState
{
    /// <summary>Durable here, not sent yet.</summary>
    Waiting = 0,

    /// <summary>Signed and given to the relay at least once; the device has not spoken.</summary>
    Sent = 1,
    Accepted = 2,
    Running = 3,
    Done = 4,
    Failed = 5,
    Rejected = 6,
    Expired = 7,

    /// <summary>It may have run, and its end will not be known.</summary>
    Unknown = 8,
    Cancelled = 9,
}
