using System.Collections.Concurrent;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Twin;

/// <summary>What devices are to be like and say that they are like: in the registry, and in short in memory for lists.</summary>
internal sealed class TwinBook(IDbContextFactory<FleetDbContext> database, IFleetEvents events) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, TwinSummary> _summaries = new(StringComparer.Ordinal);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        await foreach (var row in db.Set<TwinRow>().AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _summaries[row.DeviceId] = TwinSummary.Of(row);
        }
    }

    /// <summary>In short.</summary>
    public TwinSummary Of(string deviceId) => _summaries.GetValueOrDefault(deviceId, TwinSummary.None);

    public async Task<TwinRow?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<TwinRow>().AsNoTracking().SingleOrDefaultAsync(row => row.DeviceId == deviceId, cancellationToken);
    }

    /// <summary>Durable when it returns, and then told; nothing is told when the change changes nothing.</summary>
    /// <param name="deviceId">Whose.</param>
    /// <param name="change">Returns whether it changed something.</param>
    public async Task ChangeAsync(string deviceId, Func<TwinRow, bool> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = await database.CreateDbContextAsync(cancellationToken);
            var row = await db.Set<TwinRow>().SingleOrDefaultAsync(one => one.DeviceId == deviceId, cancellationToken);
            if (row is null)
            {
                row = new TwinRow { DeviceId = deviceId };
                db.Add(row);
            }

            if (!change(row))
            {
                return;
            }

            await db.SaveChangesAsync(cancellationToken);
            _summaries[deviceId] = TwinSummary.Of(row);
        }
        finally
        {
            _gate.Release();
        }

        events.Publish(new TwinChanged(deviceId));
        events.Publish(new DeviceChanged(deviceId));
    }

    public void Dispose() => _gate.Dispose();
}
