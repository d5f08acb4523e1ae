using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Messaging.Audit;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit;

/// <summary>
/// Appends to a hash-chained log. Who comes while another commits waits for that, and is then committed together with all who wait: one
/// transaction and one sync for all of them. The chain goes on from what the database has, for the command line appends beside the server.
/// </summary>
internal sealed class AuditLog(IDbContextFactory<FleetDbContext> factory, TimeProvider time) : IAuditLog, IDisposable
{
    /// <summary>Characters; a hostile request must not write a book into the audit.</summary>
    private const int MaxText = 500;
    private const int MaxGroup = 256;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private ImmutableArray<Subscription> _subscriptions = [];
    private AuditEntry? _head;

    /// <summary>What was committed last by this process, or found at its start.</summary>
    public AuditEntry? Head => Volatile.Read(ref _head);

    public async Task AppendAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var mine = new Waiting(record);
        _waiting.Enqueue(mine);
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (!mine.Done.Task.IsCompleted)
            {
                await CommitAsync();
            }
        }
        finally
        {
            _gate.Release();
        }

        await mine.Done.Task;
    }

    /// <summary>Begins a new log, which says why. The one before is left as it is.</summary>
    /// <param name="outcome">"damaged", "restored", "rewritten" or "server-renewed".</param>
    /// <param name="why">For people.</param>
    public async Task BeginAsync(string outcome, string why, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = await factory.CreateDbContextAsync(CancellationToken.None);
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            var entry = Begin(await NewestAsync(db), outcome, why);
            db.Add(entry);
            await db.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            Committed([entry]);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What the keeper has verified at the start.</summary>
    public void Adopt(AuditEntry? head) => Volatile.Write(ref _head, head);

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await filter.Apply(db.Set<AuditEntry>().AsNoTracking()).OrderByDescending(entry => entry.Id).Take(filter.Limit).ToListAsync(cancellationToken);
    }

    public IDisposable Subscribe(Action<AuditEntry> handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>One line of bounded length, so that an entry looks like one entry wherever it is shown; valid UTF-16, so that it is stored as it is hashed.</summary>
    private static string Clean(string text)
    {
        var line = text.Length > MaxText ? text[..MaxText] + "…" : text;
        if (!line.Any(static c => char.IsControl(c) || char.IsSurrogate(c)))
        {
            return line;
        }

        var clean = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
        {
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString();
    }

    private static async Task<AuditEntry?> NewestAsync(FleetDbContext db) =>
        await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(CancellationToken.None);

    private async Task CommitAsync()
    {
        var group = new List<Waiting>();
        while (group.Count < MaxGroup && _waiting.TryDequeue(out var one))
        {
            group.Add(one);
        }

        try
        {
            var entries = await WriteAsync(group);
            Committed(entries);
            group.ForEach(static one => one.Done.SetResult());
        }
        catch (Exception error)
        {
            // Nobody of the group is in the log, and each is told so.
            group.ForEach(one => one.Done.SetException(error));
        }
    }

    private async Task<List<AuditEntry>> WriteAsync(List<Waiting> group)
    {
        await using var db = await factory.CreateDbContextAsync(CancellationToken.None);

        // Immediate: nobody else appends between what is read here and the commit.
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var previous = await NewestAsync(db);
        var entries = new List<AuditEntry>(group.Count + 1);
        if (await BrokenSinceAsync(db, previous) is { } broken)
        {
            entries.Add(previous = Begin(previous ?? Head, AuditRecord.Damaged, broken));
        }

        foreach (var one in group)
        {
            entries.Add(previous = Entry(one.Record, previous));
        }

        db.AddRange(entries);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return entries;
    }

    /// <summary>What somebody has done to the log since this process looked last; null: nothing, or the command line has appended to it.</summary>
    private async Task<string?> BrokenSinceAsync(FleetDbContext db, AuditEntry? newest)
    {
        if (Head is not { } known || (newest is not null && newest.Hash.AsSpan().SequenceEqual(known.Hash)))
        {
            return null;
        }

        var since = await db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Id >= known.Id).OrderBy(entry => entry.Id).ToListAsync(CancellationToken.None);
        if (since.Count == 0 || !since[0].Hash.AsSpan().SequenceEqual(known.Hash) || !ChainId.TryParse(known.LogId, out var log))
        {
            return $"entry {known.Number} of the log {known.LogId} was there while the server ran, and is gone or was changed";
        }

        var verifier = new LogVerifier(log, new ChainHead(known.Number, known.Hash));
        foreach (var entry in since.Skip(1))
        {
            if (entry.Logged() is not { } logged)
            {
                return $"entry {entry.Number} is of no log";
            }

            if (verifier.Next(logged, entry.Hash) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private AuditEntry Begin(AuditEntry? last, string outcome, string why) => Entry(
        new AuditRecord(
            "audit.begin",
            last is null ? "" : $"audit/{last.LogId}",
            outcome,
            last is null ? why : $"The log {last.LogId} ends with entry {last.Number}: {why}"),
        previous: null);

    private AuditEntry Entry(AuditRecord record, AuditEntry? previous)
    {
        var entry = new LoggedEntry
        {
            LogId = previous is not null && ChainId.TryParse(previous.LogId, out var log) ? log : ChainId.Generate(),
            Number = (previous?.Number ?? 0) + 1,
            Previous = previous?.Hash ?? ChainHead.Start.Hash,
            UnixMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ActorKind = Clean(record.ActorKind),
            ActorId = Clean(record.ActorId),
            Actor = Clean(record.Actor),
            Action = Clean(record.Action),
            Target = Clean(record.Target),
            Outcome = Clean(record.Outcome),
            Address = Clean(record.Address),
            Details = Clean(record.Details),
        };
        return new AuditEntry
        {
            LogId = entry.LogId.ToString(),
            Number = entry.Number,
            Previous = entry.Previous,
            Hash = entry.Hash(),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(entry.UnixMs),
            ActorKind = entry.ActorKind,
            ActorId = entry.ActorId,
            Actor = entry.Actor,
            Action = entry.Action,
            Target = entry.Target,
            Outcome = entry.Outcome,
            Address = entry.Address,
            Details = entry.Details,
        };
    }

    private void Committed(IReadOnlyList<AuditEntry> entries)
    {
        Volatile.Write(ref _head, entries[^1]);
        foreach (var entry in entries)
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Handler(entry);
            }
        }
    }

    private sealed class Waiting(AuditRecord record)
    {
        public AuditRecord Record { get; } = record;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Subscription(AuditLog owner, Action<AuditEntry> handler) : IDisposable
    {
        public Action<AuditEntry> Handler { get; } = handler;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner._subscriptions, (all, removed) => all.Remove(removed), this);
    }
}
