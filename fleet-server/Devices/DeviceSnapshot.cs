namespace Messaging.FleetServer.Devices;

/// <summary>A device at one moment: what the registry stores, and its presence. Immutable.</summary>
internal sealed record DeviceSnapshot
{
    /// <summary>32 lower hex digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DeviceStatus Status { get; init; }

    public required string StatusReason { get; init; }

    /// <summary>Authenticated data came lately, and nothing says that it left. Never the relay's word alone.</summary>
    public required bool Online { get; init; }

    /// <summary>What the relay says.</summary>
    public required bool Connected { get; init; }

    /// <summary>How it is connected ("mqtt5+tls"), by the relay's word.</summary>
    public required string? Transport { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? EnrolledAt { get; init; }

    /// <summary>When its newest authenticated record arrived.</summary>
    public required DateTimeOffset? LastSeen { get; init; }

    /// <summary>The device's uptime by its newest epoch, carried on by our clock; null until an epoch was opened.</summary>
    public required TimeSpan? Uptime { get; init; }

    /// <summary>The boot that <see cref="Uptime"/> is of, 32 lower hex digits; null until an epoch was opened.</summary>
    public string? BootId { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>Milliseconds between two collections, by collector.</summary>
    public required IReadOnlyDictionary<string, long> Intervals { get; init; }

    public required IReadOnlyList<string> AllowedCommands { get; init; }

    public required IReadOnlyList<string> Scripts { get; init; }

    public required IReadOnlyList<string> Units { get; init; }
}
