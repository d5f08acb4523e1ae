namespace Messaging.FleetServer.Commands;

/// <summary>A command as the registry stores it. Others read <see cref="CommandSnapshot"/>.</summary>
internal sealed class CommandEntity
{
    /// <summary>32 lower hex digits, random.</summary>
    public required string Id { get; init; }

    public required string DeviceId { get; init; }

    /// <summary>The device's place in the set that the command is for; null: it is for this device alone.</summary>
    public int? SetIndex { get; init; }

    /// <summary>What all rows of a set share, which is stored once: null for one device, and until it was read.</summary>
    public CommandSet? Set { get; set; }

    /// <summary>Rises with creation; commands of a device are sent in this order.</summary>
    public long Ordinal { get; init; }

    public required string Type { get; init; }

    /// <summary>The device only says whether it would run it.</summary>
    public bool DryRun { get; init; }

    /// <summary>The arguments as the API got them, JSON; empty for one of a set.</summary>
    public required string ArgsJson { get; init; }

    /// <summary>The arguments as the device gets them, CBOR; empty for one of a set.</summary>
    public required byte[] Args { get; init; }

    public CommandState State { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was first given to the relay.</summary>
    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? LastSentAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>The signed bytes that were sent last: sent again as they are while they are still valid.</summary>
    public byte[]? Signed { get; set; }

    public long? IssuerSeq { get; set; }

    /// <summary>The principal that has signed it, 32 lower hex digits; null: this server signs it.</summary>
    public string? IssuerId { get; init; }

    /// <summary>The boot that <see cref="Signed"/> is bound to; null when it is bound to none.</summary>
    public byte[]? BootNonce { get; set; }

    public long LastReportNo { get; set; } = -1;

    public DateTimeOffset? LastReportAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Thousandths.</summary>
    public int? Progress { get; set; }

    public int? ExitCode { get; set; }

    public string Message { get; set; } = "";

    public byte[] Output { get; set; } = [];

    public bool OutputTruncated { get; set; }

    /// <summary>A copy to change: only what is stored replaces what is known.</summary>
    public CommandEntity Copy() => (CommandEntity)MemberwiseClone();
}
