namespace Messaging.FleetServer.Relaying;

/// <summary>How far the link to the relay is.</summary>
internal enum RelayLinkState
{
    Disconnected,
    Connecting,

    /// <summary>Connected; the relay does not have the directory yet and turns devices away.</summary>
    Synchronizing,
    Ready,
}
