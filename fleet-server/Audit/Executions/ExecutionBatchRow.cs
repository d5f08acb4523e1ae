namespace Messaging.FleetServer.Audit.Executions;

/// <summary>What a device has signed of its record, as it came: whoever verifies reads these bytes.</summary>
internal sealed class ExecutionBatchRow
{
    public long Id { get; init; }

    /// <summary>32 lower hex digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The identity key that has signed it.</summary>
    public required byte[] KeyPoint { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public required byte[] Bytes { get; init; }
}
