using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit;

/// <summary>What the API reads of the audit. All pages are oldest first and begin after an id.</summary>
internal sealed class AuditReads(IDbContextFactory<FleetDbContext> factory, FindingBook findings, IServiceProvider services)
{
    /// <summary>There where this process has the control role.</summary>
    private readonly AuditKeeper? _keeper = services.GetService<AuditKeeper>();

    public Task<List<AuditEntry>> ChainAsync(long after, int limit, CancellationToken cancellationToken) =>
        PageAsync<AuditEntry>(rows => rows.Where(row => row.Id > after).OrderBy(row => row.Id), limit, cancellationToken);

    public Task<List<CheckpointRow>> CheckpointsAsync(long after, int limit, CancellationToken cancellationToken) =>
        PageAsync<CheckpointRow>(rows => rows.Where(row => row.Id > after).OrderBy(row => row.Id), limit, cancellationToken);

    public Task<List<ExecutionBatchRow>> ExecutionsAsync(long after, string? deviceId, int limit, CancellationToken cancellationToken) =>
        PageAsync<ExecutionBatchRow>(
            rows => rows.Where(row => row.Id > after && (deviceId == null || row.DeviceId == deviceId)).OrderBy(row => row.Id), limit, cancellationToken);

    public Task<List<DeviceKeyRow>> DeviceKeysAsync(long after, int limit, CancellationToken cancellationToken) =>
        PageAsync<DeviceKeyRow>(rows => rows.Where(row => row.Id > after).OrderBy(row => row.Id), limit, cancellationToken);

    /// <summary>Verifies all that is kept; false when this process does not keep the log.</summary>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        if (_keeper is null)
        {
            return false;
        }

        await _keeper.VerifyAsync(cancellationToken);
        return true;
    }

    public async Task<AuditStateView> StateAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var entries = db.Set<AuditEntry>().AsNoTracking();
        var newest = await entries.OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        var oldest = newest is null ? null : await entries.Where(entry => entry.LogId == newest.LogId).OrderBy(entry => entry.Number).FirstAsync(cancellationToken);
        var witnesses = db.Set<WitnessRow>().AsNoTracking().Where(row => newest != null && row.LogId == newest.LogId);
        var checkpoint = newest is null
            ? null
            : await db.Set<CheckpointRow>().AsNoTracking().Where(row => row.LogId == newest.LogId).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        var verified = _keeper?.Verified is { } at && at.Entry.LogId == newest?.LogId ? at : ((AuditEntry Entry, DateTimeOffset At)?)null;
        return new AuditStateView(
            newest?.LogId,
            newest?.Number ?? 0,
            newest is null ? null : Convert.ToHexStringLower(newest.Hash),
            oldest is not { Number: 1 } ? null : oldest.Action == "audit.begin" ? oldest.Outcome : "first",
            oldest?.Number,
            verified?.Entry.Number,
            verified?.At,
            checkpoint is null ? null : CheckpointView.Of(checkpoint),
            await witnesses.CountAsync(cancellationToken),
            await witnesses.MaxAsync(row => (long?)row.Number, cancellationToken),
            await entries.Select(entry => entry.LogId).Distinct().CountAsync(cancellationToken),
            await findings.CountOpenAsync(cancellationToken));
    }

    private async Task<List<T>> PageAsync<T>(Func<IQueryable<T>, IQueryable<T>> select, int limit, CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await select(db.Set<T>().AsNoTracking()).Take(limit).ToListAsync(cancellationToken);
    }
}
