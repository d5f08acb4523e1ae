using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>How far one property is. Times are milliseconds of this boot's uptime. Immutable.</summary>
internal sealed record PropertyStatus
{
    public static readonly PropertyStatus New = new();

    public PropertyState State { get; init; } = PropertyState.Converging;

    /// <summary>It was as it is wanted: when it is another, it has drifted.</summary>
    public bool WasInForce { get; init; }

    /// <summary>How often it had drifted and was made right again.</summary>
    public uint Healed { get; init; }

    /// <summary>What was done about it since it was found to be another.</summary>
    public int Attempts { get; init; }

    /// <summary>Until when it may be converging or drifted; null before the first look.</summary>
    public long? UntilMs { get; init; }

    /// <summary>Before then nothing is done about it.</summary>
    public long NotBeforeMs { get; init; }

    public string Detail { get; init; } = "";

    public AppValue? Value { get; init; }
}
