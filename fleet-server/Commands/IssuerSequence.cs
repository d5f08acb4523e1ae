namespace Messaging.FleetServer.Commands;

/// <summary>The sequence numbers that may have been used in commands to a device. Taken in blocks, so that most commands write nothing.</summary>
internal sealed class IssuerSequence
{
    /// <summary>32 lower hex digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Every number up to this one counts as used.</summary>
    public long ReservedThrough { get; set; }
}
