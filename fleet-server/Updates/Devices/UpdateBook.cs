using Messaging.FleetServer.Events;
using Messaging.FleetServer.Storage;
using Messaging.Updates.Releases;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Writes how far updates are, and what devices have: in the registry, many at a time. Durable when its methods return.</summary>
internal sealed class UpdateBook(IDbContextFactory<FleetDbContext> database, UpdateCommands commands, IFleetEvents events, TimeProvider time) : IDisposable
{
    /// <summary>Receipts of commands that this server does not know, of one device: what it lost when it was restored, and nothing endless.</summary>
    private const int MaxUnknown = 64;

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Those whose command is further than is written here.</summary>
    public async Task<List<UpdateKey>> StaleAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await UpdateCommands.StaleAsync(db, cancellationToken);
    }

    /// <summary>Writes how far their commands are. Returns those that it changed.</summary>
    public Task<List<UpdateKey>> FollowAsync(IReadOnlySet<UpdateKey> keys, CancellationToken cancellationToken) => AloneAsync(
        async db =>
        {
            var found = await commands.FindAsync(db, keys, cancellationToken);
            var rows = await RowsAsync(db, found.Keys, cancellationToken);
            var changed = new List<UpdateKey>();
            foreach (var (key, command) in found)
            {
                if (UpdateRules.Follow(rows.GetValueOrDefault(key) ?? Add(db, rows, key, command.CreatedAt), command, time.GetUtcNow()))
                {
                    changed.Add(key);
                }
            }

            return changed;
        },
        cancellationToken);

    /// <summary>Writes what devices said. Returns the updates that it changed, and the words about commands that are not known.</summary>
    public Task<(IReadOnlyList<UpdateKey> Changed, IReadOnlyList<UpdateWord> Unknown)> TakeAsync(IReadOnlyList<UpdateWord> words, CancellationToken cancellationToken) =>
        AloneAsync<(IReadOnlyList<UpdateKey>, IReadOnlyList<UpdateWord>)>(
            async db =>
            {
                var (changed, unknown) = (new HashSet<UpdateKey>(), new List<UpdateWord>());
                var keys = words.Select(static word => word.Key).ToHashSet();
                var rows = await RowsAsync(db, keys, cancellationToken);
                await BeginAsync(db, rows, keys, cancellationToken);
                foreach (var word in words)
                {
                    var row = rows.GetValueOrDefault(word.Key);
                    if (row is null && word.Receipt is null)
                    {
                        unknown.Add(word);
                        continue;
                    }

                    row ??= await AddUnknownAsync(db, rows, word, cancellationToken);
                    if (word.Status is { } status ? !UpdateRules.Apply(row, status, word.ReceivedAt) : !UpdateRules.Apply(row, word.Receipt!, word.Signer!, word.ReceivedAt))
                    {
                        continue;
                    }

                    changed.Add(word.Key);
                    if (word.Receipt is { } receipt)
                    {
                        await InstallAsync(db, row, receipt, cancellationToken);
                    }
                }

                return ([.. changed], unknown);
            },
            cancellationToken);

    /// <summary>Tells what is durable.</summary>
    public void Tell(IEnumerable<UpdateKey> changed)
    {
        foreach (var key in changed)
        {
            events.Publish(new UpdateChanged(key.DeviceId, key.CommandId));
        }
    }

    public void Dispose() => _gate.Dispose();

    private static async Task<Dictionary<UpdateKey, UpdateRow>> RowsAsync(FleetDbContext db, IReadOnlyCollection<UpdateKey> keys, CancellationToken cancellationToken)
    {
        var (devices, ids) = (keys.Select(static key => key.DeviceId).Distinct().ToList(), keys.Select(static key => key.CommandId).Distinct().ToList());
        return (await db.Set<UpdateRow>().Where(row => devices.Contains(row.DeviceId) && ids.Contains(row.CommandId)).ToListAsync(cancellationToken))
            .ToDictionary(static row => new UpdateKey(row.DeviceId, row.CommandId));
    }

    private static UpdateRow Add(FleetDbContext db, Dictionary<UpdateKey, UpdateRow> rows, UpdateKey key, DateTimeOffset createdAt)
    {
        var row = new UpdateRow { DeviceId = key.DeviceId, CommandId = key.CommandId, CreatedAt = createdAt, Since = createdAt };
        db.Add(row);
        return rows[key] = row;
    }

    /// <summary>The device may be faster than what follows its command.</summary>
    private async Task BeginAsync(FleetDbContext db, Dictionary<UpdateKey, UpdateRow> rows, HashSet<UpdateKey> keys, CancellationToken cancellationToken)
    {
        var missing = keys.Where(key => !rows.ContainsKey(key)).ToHashSet();
        if (missing.Count > 0)
        {
            foreach (var (key, command) in await commands.FindAsync(db, missing, cancellationToken))
            {
                UpdateRules.Follow(Add(db, rows, key, command.CreatedAt), command, time.GetUtcNow());
            }
        }
    }

    private static async Task<UpdateRow> AddUnknownAsync(FleetDbContext db, Dictionary<UpdateKey, UpdateRow> rows, UpdateWord word, CancellationToken cancellationToken)
    {
        await db.Set<UpdateRow>().Where(row => row.DeviceId == word.Key.DeviceId && row.CommandState == null).LoadAsync(cancellationToken);

        // Those that are not saved have no number yet, but one for the time being, which rises as well.
        var kept = db.ChangeTracker.Entries<UpdateRow>()
            .Where(entry => entry.State != EntityState.Deleted && entry.Entity.DeviceId == word.Key.DeviceId && entry.Entity.CommandState is null)
            .OrderBy(static entry => entry.State == EntityState.Added).ThenBy(static entry => entry.Property(static row => row.Id).CurrentValue)
            .Select(static entry => entry.Entity).ToList();
        foreach (var old in kept.Take(kept.Count + 1 - MaxUnknown))
        {
            db.Remove(old);
            rows.Remove(new UpdateKey(old.DeviceId, old.CommandId));
        }

        return Add(db, rows, word.Key, word.ReceivedAt);
    }

    private static async Task InstallAsync(FleetDbContext db, UpdateRow row, UpdateReceipt receipt, CancellationToken cancellationToken)
    {
        var component = await db.Set<ComponentRow>().FindAsync([row.DeviceId, receipt.Name], cancellationToken);
        if (!UpdateRules.Brings(receipt, component))
        {
            return;
        }

        if (component is null)
        {
            component = new ComponentRow { DeviceId = row.DeviceId, Name = receipt.Name, Kind = "", Version = "", Sha256 = "", CommandId = "" };
            db.Add(component);
        }

        component.Kind = receipt.Kind;
        component.Version = receipt.Version;
        component.Counter = receipt.Counter;
        component.Sha256 = Convert.ToHexStringLower(receipt.Sha256.Span);
        component.Since = row.ReceiptAt!.Value;
        component.CommandId = row.CommandId;
    }

    private async Task<T> AloneAsync<T>(Func<FleetDbContext, Task<T>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = await database.CreateDbContextAsync(cancellationToken);
            var result = await change(db);
            await db.SaveChangesAsync(cancellationToken);
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }
}
