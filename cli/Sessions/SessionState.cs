namespace Messaging.Cli.Sessions;

/// <summary>What a session is waiting for, for people.</summary>
internal enum SessionState
{
    /// <summary>The command is on its way, and the device has not answered.</summary>
    Opening,

    /// <summary>Both sides are there.</summary>
    Open,

    /// <summary>This machine's connection is lost, or the device's.</summary>
    Interrupted,
}
