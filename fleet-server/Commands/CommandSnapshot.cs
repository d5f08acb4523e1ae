namespace Messaging.FleetServer.Commands;

/// <summary>A command at one moment. Immutable.</summary>
internal sealed record CommandSnapshot
{
    /// <summary>32 lower hex digits.</summary>
    public required string Id { get; init; }

    public required string DeviceId { get; init; }

    public required string Type { get; init; }

    /// <summary>It is for a set of devices, of which this is one.</summary>
    public bool IsOfSet { get; init; }

    public bool DryRun { get; init; }

    /// <summary>The arguments, a JSON object.</summary>
    public required string ArgsJson { get; init; }

    public required CommandState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>The principal that has signed it, 32 lower hex digits; null: this server.</summary>
    public string? SignedBy { get; init; }

    public required DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>0..1, null when the device says nothing of it.</summary>
    public required double? Progress { get; init; }

    public required int? ExitCode { get; init; }

    /// <summary>What the device, or the server on its behalf, says of the outcome.</summary>
    public required string Message { get; init; }

    /// <summary>The last that the command printed, from its report.</summary>
    public byte[] OutputBytes { get; init; } = [];

    /// <summary>The same as UTF-8 with replacement characters.</summary>
    public required string Output { get; init; }

    public required bool OutputTruncated { get; init; }

    /// <summary>What the command waits for, for people; null when it waits for nothing.</summary>
    public required string? WaitingFor { get; init; }

    /// <summary>From creation to the end, null before.</summary>
    public TimeSpan? Latency => FinishedAt - CreatedAt;
}
