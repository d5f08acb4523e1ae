using System.Globalization;

namespace Messaging.FleetServer.Audit;

/// <summary>An audit entry as the API shows it.</summary>
internal sealed record AuditView(
    string Id,
    string LogId,
    long Number,
    DateTimeOffset Time,
    string Actor,
    string ActorKind,
    string? ActorId,
    string Action,
    string? Target,
    string Outcome,
    string? Address,
    string? Details)
{
    public static AuditView Of(AuditEntry entry) => new(
        entry.Id.ToString(CultureInfo.InvariantCulture),
        entry.LogId,
        entry.Number,
        entry.Time,
        entry.Actor,
        entry.ActorKind,
        OrNull(entry.ActorId),
        entry.Action,
        OrNull(entry.Target),
        entry.Outcome,
        OrNull(entry.Address),
        OrNull(entry.Details));

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
