using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit;

/// <summary>Deletes audit entries by age; the database refuses to delete young ones, whoever asks.</summary>
internal sealed class AuditRetention(IDbContextFactory<FleetDbContext> factory)
{
    private const int Batch = 1000;

    public async Task<long> DeleteBeforeAsync(DateTimeOffset limit, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var total = 0L;
        while (true)
        {
            var ids = await db.Set<AuditEntry>().Where(entry => entry.Time < limit).OrderBy(entry => entry.Id).Take(Batch)
                .Select(entry => entry.Id).ToListAsync(cancellationToken);
            if (ids.Count == 0)
            {
                return total;
            }

            total += await db.Set<AuditEntry>().Where(entry => ids.Contains(entry.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
