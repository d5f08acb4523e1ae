namespace Messaging.Twin;

/// <summary>What is wanted to be in a state.</summary>
public enum PropertyKind
{
    /// <summary>An option of the agent.</summary>
    Setting,

    /// <summary>A file: its content and mode.</summary>
    File,

    /// <summary>A systemd unit: active.</summary>
    Unit,

    /// <summary>A value of one of the device's own programs.</summary>
    App,
}
