namespace Messaging.FleetServer.Audit.Checkpoints;

/// <summary>A signed checkpoint of a log. Kept for longer than the entries before it: the chain goes on from it.</summary>
internal sealed class CheckpointRow
{
    public long Id { get; init; }

    /// <summary>32 lower hex digits.</summary>
    public required string LogId { get; init; }

    public long Number { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>The COSE_Sign1.</summary>
    public required byte[] Bytes { get; init; }
}
