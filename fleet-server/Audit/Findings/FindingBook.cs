using System.Collections.Immutable;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Findings;

/// <summary>What was found, each thing once, until somebody has acknowledged it and beyond. Thread safe.</summary>
internal sealed partial class FindingBook(IDbContextFactory<FleetDbContext> factory, TimeProvider time, ILogger<FindingBook> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ImmutableArray<Action<FindingRow>> _handlers = [];
    private volatile bool _logIsDamaged;

    /// <summary>True from when the log turned out to be damaged until somebody has acknowledged that.</summary>
    public bool LogIsDamaged => _logIsDamaged;

    /// <summary>The handler must neither block nor throw.</summary>
    public void Subscribe(Action<FindingRow> handler) => ImmutableInterlocked.Update(ref _handlers, (all, added) => all.Add(added), handler);

    /// <summary>What was open at the last end.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        _logIsDamaged = await db.Set<FindingRow>().AnyAsync(row => row.AcknowledgedAt == null && row.Kind == FindingKind.LogDamaged, cancellationToken);
    }

    /// <summary>Durable when this returns. What was found before is not found again.</summary>
    public async Task AddAsync(string kind, string deviceId, string subject, string details, CancellationToken cancellationToken)
    {
        FindingRow row;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = await factory.CreateDbContextAsync(cancellationToken);
            if (await db.Set<FindingRow>().AnyAsync(one => one.Kind == kind && one.DeviceId == deviceId && one.Subject == subject, cancellationToken))
            {
                return;
            }

            row = new FindingRow { Kind = kind, DeviceId = deviceId, Subject = subject, Details = details, FoundAt = time.GetUtcNow() };
            db.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            _logIsDamaged |= kind == FindingKind.LogDamaged;
        }
        finally
        {
            _gate.Release();
        }

        LogFound(logger, kind, deviceId.Length == 0 ? "the server's log" : deviceId, details);
        Tell(row);
    }

    /// <summary>Newest first, those that nobody has acknowledged before all others.</summary>
    public async Task<IReadOnlyList<FindingRow>> ListAsync(bool openOnly, string? deviceId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<FindingRow>().AsNoTracking()
            .Where(row => (!openOnly || row.AcknowledgedAt == null) && (deviceId == null || row.DeviceId == deviceId))
            .OrderBy(row => row.AcknowledgedAt != null).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken);
    }

    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Set<FindingRow>().CountAsync(row => row.AcknowledgedAt == null, cancellationToken);
    }

    /// <summary>Null when there is no such finding. Who was first stays.</summary>
    public async Task<FindingRow?> AcknowledgeAsync(long id, string by, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<FindingRow>().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return null;
        }

        if (row.AcknowledgedAt is null)
        {
            row.AcknowledgedAt = time.GetUtcNow();
            row.AcknowledgedBy = by;
            await db.SaveChangesAsync(cancellationToken);
            await LoadAsync(cancellationToken);
            Tell(row);
        }

        return row;
    }

    public void Dispose() => _gate.Dispose();

    private void Tell(FindingRow row)
    {
        foreach (var handler in _handlers)
        {
            handler(row);
        }
    }

    [LoggerMessage(EventId = 2073, Level = LogLevel.Warning, Message = "Audit: {Kind} of {Whose}: {Details}")]
    private static partial void LogFound(ILogger logger, string kind, string whose, string details);
}
