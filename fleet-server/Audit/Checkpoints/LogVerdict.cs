namespace Messaging.FleetServer.Audit.Checkpoints;

/// <summary>What a look at the log has come to.</summary>
/// <param name="Outcome">How the log that has to follow it begins; null when all is well.</param>
/// <param name="Reason">What is wrong, for people.</param>
/// <param name="Through">The last entry that was verified.</param>
internal sealed record LogVerdict(string? Outcome, string Reason, AuditEntry? Through);
