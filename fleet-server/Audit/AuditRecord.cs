namespace Messaging.FleetServer.Audit;

/// <summary>What is written to the audit; the log adds number and time. See <see cref="AuditEntry"/> for the fields.</summary>
internal sealed record AuditRecord(string Action, string Target = "", string Outcome = AuditRecord.Ok, string Details = "")
{
    public const string Ok = "ok";
    public const string Denied = "denied";

    public string ActorKind { get; init; } = "system";

    public string ActorId { get; init; } = "";

    public string Actor { get; init; } = "system";

    public string Address { get; init; } = "";
}
