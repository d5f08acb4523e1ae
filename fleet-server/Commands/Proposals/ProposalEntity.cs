namespace Messaging.FleetServer.Commands;

/// <summary>A command that waits for signatures, as the registry stores it.</summary>
internal sealed class ProposalEntity
{
    /// <summary>The command's id, 32 lower hex digits.</summary>
    public required string Id { get; init; }

    public required string Type { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public ProposalState State { get; set; }

    /// <summary>The command with all signatures so far and the members of its set: a command-order (messaging/spec/protocol.md, section 13).</summary>
    public required byte[] Order { get; set; }
}
