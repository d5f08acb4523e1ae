using Messaging.Audit;
using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Executions;

/// <summary>
/// Holds what devices have seen of the log against the log. A server that was set back to an older state without knowing learns it here, and goes on
/// in a new log: in the old one it would give numbers a second meaning.
/// </summary>
internal sealed class WitnessCheck(IDbContextFactory<FleetDbContext> factory, AuditLog log, AuditKeeper keeper, FindingBook findings)
{
    public async Task CheckAsync(string deviceId, Witnessed witnessed, CancellationToken cancellationToken)
    {
        var id = witnessed.LogId.ToString();
        if (await WhyNotAsync(id, witnessed, cancellationToken) is not { } why)
        {
            return;
        }

        await findings.AddAsync(FindingKind.LogRewritten, "", id, $"The device {deviceId} has seen entry {witnessed.Number} of the log {id}, and {why}.", cancellationToken);
        if (log.Head?.LogId == id)
        {
            await keeper.RewrittenAsync($"the device {deviceId} has seen entry {witnessed.Number} of it, and {why}", cancellationToken);
        }
    }

    private async Task<string?> WhyNotAsync(string id, Witnessed witnessed, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var entry = await db.Set<AuditEntry>().AsNoTracking().SingleOrDefaultAsync(one => one.LogId == id && one.Number == witnessed.Number, cancellationToken);
        if (entry is not null)
        {
            return entry.Hash.AsSpan().SequenceEqual(witnessed.Hash) ? null : "the server has another one under this number";
        }

        var last = await db.Set<AuditEntry>().Where(one => one.LogId == id).MaxAsync(one => (long?)one.Number, cancellationToken)
            ?? await db.Set<CheckpointRow>().Where(one => one.LogId == id).MaxAsync(one => (long?)one.Number, cancellationToken);
        return last switch
        {
            null => "the server knows nothing of that log",
            { } through when through < witnessed.Number => $"the server's log ends with entry {through}",

            // Deleted by age.
            _ => null,
        };
    }
}
