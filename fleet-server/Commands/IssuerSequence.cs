namespace Messaging.FleetServer.Commands;

/// <summary>The sequence numbers of the server's commands that may have been used. Taken in blocks, so that most commands write nothing.</summary>
internal sealed class IssuerSequence
{
    /// <summary>The one row.</summary>
    public const string Commands = "commands";

    public required string Name { get; init; }

    /// <summary>Every number up to this one counts as used.</summary>
    public long ReservedThrough { get; set; }
}
