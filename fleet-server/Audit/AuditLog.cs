using System.Collections.Immutable;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit;

internal sealed class AuditLog(IDbContextFactory<FleetDbContext> factory, TimeProvider time) : IAuditLog
{
    /// <summary>Characters; a hostile request must not write a book into the audit.</summary>
    private const int MaxText = 500;
    private ImmutableArray<Subscription> _subscriptions = [];

    public async Task AppendAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry
        {
            Time = time.GetUtcNow(),
            ActorKind = record.ActorKind,
            ActorId = record.ActorId,
            Actor = Clean(record.Actor),
            Action = record.Action,
            Target = Clean(record.Target),
            Outcome = record.Outcome,
            Address = record.Address,
            Details = Clean(record.Details),
        };
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var subscription in _subscriptions)
        {
            subscription.Handler(entry);
        }
    }

    public async Task<IReadOnlyList<AuditEntry>> ListAsync(int limit, long? before, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (before is { } number)
        {
            entries = entries.Where(entry => entry.Id < number);
        }

        return await entries.OrderByDescending(entry => entry.Id).Take(limit).ToListAsync(cancellationToken);
    }

    public IDisposable Subscribe(Action<AuditEntry> handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>One line of bounded length, so that an entry looks like one entry wherever it is shown.</summary>
    private static string Clean(string text)
    {
        var line = text.Length > MaxText ? text[..MaxText] + "…" : text;
        return line.Any(char.IsControl) ? string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)) : line;
    }

    private sealed class Subscription(AuditLog owner, Action<AuditEntry> handler) : IDisposable
    {
        public Action<AuditEntry> Handler { get; } = handler;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner._subscriptions, (all, removed) => all.Remove(removed), this);
    }
}
