namespace Messaging.Relay.Doors;

/// <summary>Whose a connection is.</summary>
internal enum Destination
{
    /// <summary>Not enough has come to tell.</summary>
    Undecided,

    /// <summary>The fleet's relay, which also answers what nobody can read.</summary>
    Fleet,

    /// <summary>The generic namespace.</summary>
    Users,

    /// <summary>A channel.</summary>
    Channels,
}
