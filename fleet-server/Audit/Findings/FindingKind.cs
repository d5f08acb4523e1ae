namespace Messaging.FleetServer.Audit.Findings;

/// <summary>What can be found. The words are part of the API; docs/operate/audit.md says what to do.</summary>
internal static class FindingKind
{
    /// <summary>The server's log is not what was written.</summary>
    public const string LogDamaged = "log-damaged";

    /// <summary>A device has seen more of the log than there is, or another entry.</summary>
    public const string LogRewritten = "log-rewritten";

    /// <summary>A device ran a command that the log does not know.</summary>
    public const string CommandUnknown = "command-unknown";

    /// <summary>A device ran something else than the log says of the command.</summary>
    public const string CommandDiffers = "command-differs";

    /// <summary>A command was sent, and the device's record says nothing of it.</summary>
    public const string CommandUnreported = "command-unreported";

    /// <summary>The device reported one state and recorded another.</summary>
    public const string StateDiffers = "state-differs";

    /// <summary>Entries of a device's record are missing.</summary>
    public const string RecordGap = "record-gap";

    /// <summary>A device's record has two continuations: two devices have its keys, or it was set back.</summary>
    public const string RecordForked = "record-forked";

    /// <summary>A device began its record anew.</summary>
    public const string RecordRestarted = "record-restarted";

    public static readonly IReadOnlyList<string> All =
        [LogDamaged, LogRewritten, CommandUnknown, CommandDiffers, CommandUnreported, StateDiffers, RecordGap, RecordForked, RecordRestarted];
}
