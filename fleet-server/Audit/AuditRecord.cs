namespace Messaging.FleetServer.Audit;

/// <summary>What is written to the audit; the log adds number and time. See <see cref="AuditEntry"/> for the fields.</summary>
internal sealed record AuditRecord(string Action, string Target = "", string Outcome = AuditRecord.Ok, string Details = "")
{
    public const string Ok = "ok";
    public const string Denied = "denied";

    /// <summary>Outcome of the first entry of a log that follows one which is not what was written.</summary>
    public const string Damaged = "damaged";

    /// <summary>The same where the server was restored from a backup.</summary>
    public const string Restored = "restored";

    /// <summary>The same where devices have seen another log than the server has.</summary>
    public const string Rewritten = "rewritten";

    /// <summary>The same where the server has another identity than before.</summary>
    public const string ServerRenewed = "server-renewed";

    public string ActorKind { get; init; } = "system";

    public string ActorId { get; init; } = "";

    public string Actor { get; init; } = "system";

    public string Address { get; init; } = "";
}
