namespace Messaging.FleetServer.Files;

/// <summary>What became of a record of a file.</summary>
/// <param name="IsTaken">It counts as received. Else the device sends it again.</param>
/// <param name="Reason">A <see cref="Ingest.RejectionReason"/> to count; null for none.</param>
internal readonly record struct FileVerdict(bool IsTaken, string? Reason)
{
    public static FileVerdict Taken { get; } = new(true, null);

    /// <summary>It counts once its chunk is on the disk.</summary>
    public static FileVerdict Pending { get; } = new(false, null);

    public static FileVerdict Refused(string reason) => new(true, reason);

    public static FileVerdict NotNow(string reason) => new(false, reason);
}
