namespace Messaging.Agent.Clock;

/// <summary>By what the time is known.</summary>
internal enum TimeSource
{
    /// <summary>Not at all: it is this or later.</summary>
    LowerBound,

    /// <summary>A beacon of the fleet for this boot.</summary>
    Beacon,

    /// <summary>This machine's clock, which somebody keeps right.</summary>
    Synchronised,
}
