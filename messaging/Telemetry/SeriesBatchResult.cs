namespace Messaging.Telemetry;

/// <summary>What became of reading a batch.</summary>
public enum SeriesBatchResult
{
    /// <summary>It was read.</summary>
    Ok,

    /// <summary>It is not such a batch, or one of another version.</summary>
    Malformed,

    /// <summary>It refers to numbers of which the definition is not known here.</summary>
    UnknownSeries,

    /// <summary>It gives a number another meaning than the one that it has.</summary>
    Redefined,
}
