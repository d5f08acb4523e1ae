namespace Messaging.Relay.Connections;

/// <summary>What control has been told of a session.</summary>
internal enum PresenceState
{
    /// <summary>Nothing yet.</summary>
    Unannounced,

    /// <summary>That it came.</summary>
    Announced,

    /// <summary>That it went, or it went before anything was said.</summary>
    Withdrawn,
}
