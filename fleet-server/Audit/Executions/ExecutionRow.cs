using Messaging.Commands;

namespace Messaging.FleetServer.Audit.Executions;

/// <summary>An entry of a device's record. Two of one number are a fork.</summary>
internal sealed class ExecutionRow
{
    public long Id { get; init; }

    public required string DeviceId { get; init; }

    /// <summary>The record, 32 lower hex digits.</summary>
    public required string ChainId { get; init; }

    public long Number { get; init; }

    public required byte[] Previous { get; init; }

    public required byte[] Hash { get; init; }

    public required string CommandId { get; init; }

    public required byte[] Digest { get; init; }

    /// <summary>Who had signed the command.</summary>
    public required string Issuer { get; init; }

    public required string Type { get; init; }

    public CommandState State { get; init; }

    /// <summary>The device's own; null when it did not know the time.</summary>
    public DateTimeOffset? Time { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
