namespace Messaging.FleetServer.Audit.Executions;

/// <summary>What a device said last that it has seen of the log.</summary>
internal sealed class WitnessRow
{
    public required string DeviceId { get; init; }

    public required string LogId { get; set; }

    public long Number { get; set; }

    public required byte[] Hash { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }
}
