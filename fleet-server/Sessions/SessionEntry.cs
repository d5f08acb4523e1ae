namespace Messaging.FleetServer.Sessions;

/// <summary>Whether a client is let in.</summary>
internal enum SessionEntry
{
    Open,

    /// <summary>Somebody else sits there.</summary>
    Taken,

    /// <summary>There are as many as there may be.</summary>
    Full,
}
