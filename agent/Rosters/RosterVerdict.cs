namespace Messaging.Agent.Rosters;

internal enum RosterVerdict
{
    Applied,

    /// <summary>The same version again.</summary>
    Known,

    /// <summary>A version that was replaced.</summary>
    Older,

    /// <summary>Not signed by the fleet's root key, or not of this fleet.</summary>
    NotAuthentic,
}
