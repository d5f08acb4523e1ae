namespace Messaging.Agent.Transport;

/// <summary>Why there is no connection.</summary>
internal enum RelayRefusal
{
    /// <summary>Nobody answers, or the network broke.</summary>
    Unreachable,

    /// <summary>The relay does not know this device or key (any more).</summary>
    NotAuthorized,

    /// <summary>The relay has no directory yet, is full or shutting down.</summary>
    Unavailable,

    /// <summary>What answers does not show the pinned certificate, or its challenge is for another one.</summary>
    NotTheRelay,
}
