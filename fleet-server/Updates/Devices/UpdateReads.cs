using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Reads how far updates are, and what devices have.</summary>
internal sealed class UpdateReads(IDbContextFactory<FleetDbContext> database, TimeProvider time)
{
    /// <summary>Of one device, newest first.</summary>
    public async Task<List<UpdateRow>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<UpdateRow>().AsNoTracking().Where(row => row.DeviceId == deviceId).OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>Of all devices, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Older than this one; null: from the newest on.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<UpdateRow>> ListAsync(UpdateFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await filter.Of(db.Set<UpdateRow>().AsNoTracking(), time.GetUtcNow()).Where(row => before == null || row.Id < before).OrderByDescending(row => row.Id).Take(limit)
            .ToListAsync(cancellationToken);
    }

    public async Task<UpdateRow?> FindAsync(string deviceId, string commandId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<UpdateRow>().AsNoTracking().SingleOrDefaultAsync(row => row.DeviceId == deviceId && row.CommandId == commandId, cancellationToken);
    }

    public async Task<UpdateTotalsView> TotalsAsync(UpdateFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var rows = filter.Of(db.Set<UpdateRow>().AsNoTracking(), now);
        var counts = (await rows.GroupBy(row => row.State).Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync(cancellationToken))
            .ToDictionary(static one => one.State.Word(), static one => one.Count, StringComparer.Ordinal);
        return new UpdateTotalsView(
            counts.Values.Sum(),
            await UpdateFilter.Overdue(rows, now).CountAsync(cancellationToken),
            DeviceUpdateStates.Words.ToDictionary(static word => word, word => counts.GetValueOrDefault(word), StringComparer.Ordinal));
    }

    public async Task<List<ComponentRow>> ComponentsAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<ComponentRow>().AsNoTracking().Where(row => row.DeviceId == deviceId).OrderBy(row => row.Name).ToListAsync(cancellationToken);
    }

    /// <summary>How many devices have what, the highest counter first.</summary>
    public async Task<List<ComponentCountView>> ComponentCountsAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var counts = await db.Set<ComponentRow>().GroupBy(row => new { row.Name, row.Kind, row.Version, row.Counter })
            .Select(group => new { group.Key.Name, group.Key.Kind, group.Key.Version, group.Key.Counter, Count = group.Count() })
            .OrderBy(one => one.Name).ThenByDescending(one => one.Counter)
            .ToListAsync(cancellationToken);
        return [.. counts.Select(static one => new ComponentCountView(one.Name, one.Kind, one.Version, one.Counter, one.Count))];
    }
}
