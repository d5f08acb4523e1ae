using Messaging.FleetServer.Commands;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>An update of a device as the registry stores it: what was assigned, what the device says, and what it has signed.</summary>
internal sealed class UpdateRow
{
    public long Id { get; init; }

    /// <summary>32 lower hex digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The command that assigned it, 32 lower hex digits.</summary>
    public required string CommandId { get; init; }

    /// <summary>Follows from the others; stored so that it can be searched for.</summary>
    public DeviceUpdateState State { get; set; }

    /// <summary>When the state began.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>When the command was made; when the device was first heard of it, where the command is not known.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The path of the target; empty when the command is not known.</summary>
    public string Target { get; set; } = "";

    /// <summary>Of the target, in bytes.</summary>
    public long Length { get; set; }

    /// <summary>Of the target, lower hex digits; empty when the command is not known.</summary>
    public string Sha256 { get; set; } = "";

    public bool IsEncrypted { get; set; }

    /// <summary>Its command is one to many devices.</summary>
    public bool IsOfSet { get; set; }

    public string? CreatedBy { get; set; }

    /// <summary>The principal that has signed the command, 32 lower hex digits; null: this server, or the command is not known.</summary>
    public string? SignedBy { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Null: this server does not know the command.</summary>
    public CommandState? CommandState { get; set; }

    public string CommandMessage { get; set; } = "";

    /// <summary>Of the release, as the repository or the receipt says; empty while nobody did.</summary>
    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Version { get; set; } = "";

    /// <summary>0: the device said nothing yet.</summary>
    public long ReportNo { get; set; }

    public UpdateState? Reported { get; set; }

    /// <summary>When the newest word of the device came.</summary>
    public DateTimeOffset? ReportedAt { get; set; }

    /// <summary>Until when the device is to have said something else.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    public long Done { get; set; }

    public long Total { get; set; }

    public string Detail { get; set; } = "";

    /// <summary>Bytes that came from the device's neighbours, as it says.</summary>
    public long FromNeighbours { get; set; }

    /// <summary>From mirrors.</summary>
    public long FromMirrors { get; set; }

    /// <summary>From the fleet's servers.</summary>
    public long FromHomes { get; set; }

    /// <summary>The receipt as it came, whose signature was right; null: there is none.</summary>
    public byte[]? Receipt { get; set; }

    /// <summary>The identity key of the device that has signed it.</summary>
    public byte[]? ReceiptKey { get; set; }

    public DateTimeOffset? ReceiptAt { get; set; }

    public string Reason { get; set; } = "";
}
