using System.Globalization;

namespace Messaging.FleetServer.Audit;

/// <summary>An entry with all that is hashed, oldest first: whoever verifies computes the hash from it.</summary>
/// <param name="UnixMs">The time as it is hashed.</param>
/// <param name="Previous">Hex.</param>
/// <param name="Hash">Hex.</param>
internal sealed record ChainEntryView(
    string Id,
    string LogId,
    long Number,
    string Previous,
    string Hash,
    long UnixMs,
    string ActorKind,
    string ActorId,
    string Actor,
    string Action,
    string Target,
    string Outcome,
    string Address,
    string Details)
{
    public static ChainEntryView Of(AuditEntry entry) => new(
        entry.Id.ToString(CultureInfo.InvariantCulture),
        entry.LogId,
        entry.Number,
        Convert.ToHexStringLower(entry.Previous),
        Convert.ToHexStringLower(entry.Hash),
        entry.Time.ToUnixTimeMilliseconds(),
        entry.ActorKind,
        entry.ActorId,
        entry.Actor,
        entry.Action,
        entry.Target,
        entry.Outcome,
        entry.Address,
        entry.Details);
}
