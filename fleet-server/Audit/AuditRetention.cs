using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit;

/// <summary>
/// Deletes audit entries by age; the database refuses to delete young ones, whoever asks. What is kept stays provable: entries go up to one that a
/// checkpoint was signed for, and that checkpoint stays, so that the oldest kept entry follows it.
/// </summary>
internal sealed class AuditRetention(IDbContextFactory<FleetDbContext> factory)
{
    private const int Batch = 1000;

    public async Task<long> DeleteBeforeAsync(DateTimeOffset limit, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var newest = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        var total = 0L;
        foreach (var log in await db.Set<AuditEntry>().Where(entry => entry.Time < limit).Select(entry => entry.LogId).Distinct().ToListAsync(cancellationToken))
        {
            total += await DeleteAsync(db, log, limit, isCurrent: log == newest!.LogId, cancellationToken);
        }

        return total + await DeleteRecordsAsync(db, limit, cancellationToken);
    }

    private static async Task<long> DeleteAsync(FleetDbContext db, string log, DateTimeOffset limit, bool isCurrent, CancellationToken cancellationToken)
    {
        var entries = db.Set<AuditEntry>().Where(entry => entry.LogId == log);
        var firstKept = await entries.Where(entry => entry.Time >= limit).MinAsync(entry => (long?)entry.Number, cancellationToken);
        var last = await entries.MaxAsync(entry => entry.Number, cancellationToken);

        // Of a log that goes on, the last entry stays; of one that does not, nothing has to follow.
        var through = firstKept is null && !isCurrent
            ? last
            : await db.Set<CheckpointRow>().Where(row => row.LogId == log && row.Number < (firstKept ?? last)).MaxAsync(row => (long?)row.Number, cancellationToken) ?? 0;
        var total = 0L;
        while (true)
        {
            var ids = await entries.Where(entry => entry.Number <= through).OrderBy(entry => entry.Id).Take(Batch).Select(entry => entry.Id).ToListAsync(cancellationToken);
            if (ids.Count == 0)
            {
                break;
            }

            total += await db.Set<AuditEntry>().Where(entry => ids.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        await db.Set<CheckpointRow>().Where(row => row.LogId == log && row.Number < through && row.Time < limit).ExecuteDeleteAsync(cancellationToken);
        return total;
    }

    /// <summary>The newest old entry of each record stays: the next one follows it.</summary>
    private static async Task<long> DeleteRecordsAsync(FleetDbContext db, DateTimeOffset limit, CancellationToken cancellationToken) =>
        await db.Set<ExecutionBatchRow>().Where(row => row.ReceivedAt < limit).ExecuteDeleteAsync(cancellationToken)
        + await db.Set<ExecutionRow>()
            .Where(row => row.ReceivedAt < limit && db.Set<ExecutionRow>().Any(next =>
                next.DeviceId == row.DeviceId && next.ChainId == row.ChainId && next.Number > row.Number && next.ReceivedAt < limit))
            .ExecuteDeleteAsync(cancellationToken);
}
