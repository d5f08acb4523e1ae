namespace Messaging.FleetServer.Ingest;

/// <summary>How much the ingest takes at a time, and from one device.</summary>
internal sealed record IngestOptions
{
    /// <summary>
    /// Publications of one device that wait here; more are dropped, and the device sends them again. Half of it, from which a device is asked to
    /// pause, is more than an agent has on its way (1,024): one that catches up is not a fault.
    /// </summary>
    public int MaxQueuedPerDevice { get; init; } = 4096;

    public int MaxQueuedBytesPerDevice { get; init; } = 16 * 1024 * 1024;

    /// <summary>Publications of all devices that wait here; while there are more, whoever sends one is asked to pause.</summary>
    public int MaxQueued { get; init; } = 8192;

    /// <summary>Publications in one transaction.</summary>
    public int GroupRecords { get; init; } = 512;

    public int GroupBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Publications of one device in one transaction while others wait.</summary>
    public int GroupShare { get; init; } = 64;

    /// <summary>Epochs of one device that are not finished. A device opens one a start; a thousand starts offline are a fault.</summary>
    public int MaxOpenEpochs { get; init; } = 1000;

    /// <summary>Keys of one device that are kept in memory; others are made again from the stored openings.</summary>
    public int MaxCachedKeys { get; init; } = 32;

    /// <summary>How long a device may be away and still deliver what it kept.</summary>
    public TimeSpan LongestOffline { get; init; } = Trust.ServerKeyKeeper.LongestOffline;

    /// <summary>How often counted refusals are stored when there is nothing else to store.</summary>
    public TimeSpan RejectionInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a transaction that failed.</summary>
    public TimeSpan FailureDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two acknowledgements to one device.</summary>
    public TimeSpan AckInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Definitions of series of one device, over its epochs that are not finished; each has 1 KiB at most.</summary>
    public int MaxSeriesPerDevice { get; init; } = 262_144;

    /// <summary>Time between two requests to a device for an opening, or for definitions of series, that are missing.</summary>
    public TimeSpan EpochRequestInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a device's state stays in memory after its last record.</summary>
    public TimeSpan IdleState { get; init; } = TimeSpan.FromMinutes(30);
}
