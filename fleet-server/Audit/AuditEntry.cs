using Messaging.Audit;

namespace Messaging.FleetServer.Audit;

/// <summary>One line of the audit: an entry of a hash-chained log. Never changed, deleted only by age.</summary>
internal sealed class AuditEntry
{
    /// <summary>Rises with time over all logs; never used twice.</summary>
    public long Id { get; init; }

    /// <summary>The log, 32 lower hex digits.</summary>
    public required string LogId { get; init; }

    /// <summary>1 for the first of its log, then without a hole.</summary>
    public long Number { get; init; }

    /// <summary>The hash of the entry before.</summary>
    public required byte[] Previous { get; init; }

    /// <summary>SHA-256 of what <see cref="LoggedEntry"/> makes of this entry.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>What kind of principal it was: operator, api-token, device, system, or anonymous.</summary>
    public required string ActorKind { get; init; }

    /// <summary>Its id; empty for the system and for anonymous callers.</summary>
    public required string ActorId { get; init; }

    /// <summary>Its name at that time, for people.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, "device.revoke".</summary>
    public required string Action { get; init; }

    /// <summary>To what, "device:0011...", empty when the action says all.</summary>
    public required string Target { get; init; }

    /// <summary>"ok", "denied", or the code of the problem that was answered.</summary>
    public required string Outcome { get; init; }

    /// <summary>The network address it came from; empty for the system.</summary>
    public required string Address { get; init; }

    /// <summary>More, for people; never a secret. Empty when there is nothing to add.</summary>
    public required string Details { get; init; }

    /// <summary>What is hashed; null when the log's id is none.</summary>
    public LoggedEntry? Logged() => ChainId.TryParse(LogId, out var log)
        ? new LoggedEntry
        {
            LogId = log,
            Number = Number,
            Previous = Previous,
            UnixMs = Time.ToUnixTimeMilliseconds(),
            ActorKind = ActorKind,
            ActorId = ActorId,
            Actor = Actor,
            Action = Action,
            Target = Target,
            Outcome = Outcome,
            Address = Address,
            Details = Details,
        }
        : null;
}
