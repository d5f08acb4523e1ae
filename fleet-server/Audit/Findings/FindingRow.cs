namespace Messaging.FleetServer.Audit.Findings;

/// <summary>Something that does not agree. Found once, whatever looks again.</summary>
internal sealed class FindingRow
{
    public long Id { get; init; }

    /// <summary>One of <see cref="FindingKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>32 lower hex digits; empty when it is about the server's log.</summary>
    public required string DeviceId { get; init; }

    /// <summary>What it is about: a command, a number of a record, a log. With kind and device it is found once.</summary>
    public required string Subject { get; init; }

    /// <summary>What was found, for people.</summary>
    public required string Details { get; init; }

    public DateTimeOffset FoundAt { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public string? AcknowledgedBy { get; set; }
}
