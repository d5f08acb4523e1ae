namespace Messaging.Agent.Uplink.Flow;

/// <summary>How much of a day's bytes is used.</summary>
internal enum DataLevel : byte
{
    /// <summary>Less than 80 percent.</summary>
    Low,

    /// <summary>80 percent.</summary>
    Near,

    /// <summary>90 percent: the rest is for what must not wait.</summary>
    Reached,
}
