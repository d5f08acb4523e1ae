namespace Messaging.FleetServer.Audit;

/// <summary>How often the audit is signed, verified and compared.</summary>
internal sealed record AuditOptions
{
    /// <summary>Entries after which a checkpoint is signed at once: the most that a start verifies.</summary>
    public int EntriesPerCheckpoint { get; init; } = 1000;

    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A checkpoint that a device asks for is not older than this, if something was written since.</summary>
    public TimeSpan ShortestInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan VerifyInterval { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan CompareInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a device's record may take to follow what the device has reported or was sent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);
}
