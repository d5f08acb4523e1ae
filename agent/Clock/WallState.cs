namespace Messaging.Agent.Clock;

/// <summary>What is held of this machine's wall clock.</summary>
internal enum WallState
{
    /// <summary>Times are given by it.</summary>
    Believed,

    /// <summary>It says a time before the trusted lower bound: certainly wrong.</summary>
    Behind,

    /// <summary>A beacon for this boot says another time: certainly wrong.</summary>
    Contradicted,

    /// <summary>Nobody keeps it right, as far as the kernel knows.</summary>
    NotSynchronised,

    /// <summary>The configuration says never to believe it.</summary>
    Distrusted,
}
