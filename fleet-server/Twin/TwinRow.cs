using Messaging.FleetServer.Commands;

namespace Messaging.FleetServer.Twin;

/// <summary>What a device is to be like and what it says that it is like, as the registry stores it.</summary>
internal sealed class TwinRow
{
    /// <summary>32 lower hex digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Null: nothing is wanted, as far as this server knows.</summary>
    public long? DesiredVersion { get; set; }

    /// <summary>The arguments of the command, CBOR.</summary>
    public byte[]? Desired { get; set; }

    /// <summary>The command that brings it.</summary>
    public string? CommandId { get; set; }

    /// <summary>The principal that has signed it, 32 lower hex digits; null: this server.</summary>
    public string? SignedBy { get; set; }

    public string? CreatedBy { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public CommandState? CommandState { get; set; }

    /// <summary>A later one that the device did not take.</summary>
    public string? RefusedCommandId { get; set; }

    public long? RefusedVersion { get; set; }

    public string? RefusedMessage { get; set; }

    /// <summary>The number of the device's epoch in which <see cref="Report"/> came: with <see cref="ReportNo"/> it says which is the newest.</summary>
    public long ReportEpochNo { get; set; }

    public long ReportNo { get; set; }

    /// <summary>The newest, as it came; null: it said nothing yet.</summary>
    public byte[]? Report { get; set; }

    public DateTimeOffset? ReportedAt { get; set; }
}
