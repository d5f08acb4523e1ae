using Messaging.FleetServer.Audit;

namespace Messaging.FleetServer.Access;

/// <summary>What an endpoint adds to the audit entry of its request; the access middleware writes it.</summary>
internal sealed class AuditScope
{
    /// <summary>Overrides the target that the route gives.</summary>
    public string? Target { get; set; }

    public string Details { get; set; } = "";

    /// <summary>Set by a problem to its code.</summary>
    public string Outcome { get; set; } = AuditRecord.Ok;

    /// <summary>Who it is, where the request proves that only while it runs (sign-in).</summary>
    public string? Actor { get; set; }

    /// <summary>Set when the command that the request asks for is in the log already, with all that there is to say.</summary>
    public bool IsCommandWritten { get; set; }

    /// <summary>Set when the request does not deserve an entry (refused by a rate limit).</summary>
    public bool Skip { get; set; }
}
