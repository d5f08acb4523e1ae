namespace Messaging.FleetServer.Commands;

/// <summary>A command to a set of devices as the registry stores it: once, beside a row for each device.</summary>
internal sealed class CommandSetEntity
{
    /// <summary>The command's id, 32 lower hex digits.</summary>
    public required string Id { get; init; }

    public required string Type { get; init; }

    /// <summary>The arguments as the API shows them, JSON.</summary>
    public required string ArgsJson { get; init; }

    public bool DryRun { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The principal that has signed it, 32 lower hex digits; null: this server.</summary>
    public string? IssuerId { get; init; }

    /// <summary>How many devices there are.</summary>
    public int Size { get; init; }

    /// <summary>The signed command with the members of the set: a command-order (messaging/spec/protocol.md, section 13).</summary>
    public required byte[] Order { get; init; }
}
