using Messaging.Audit;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Checkpoints;

/// <summary>Verifies the current log: at the start from its newest checkpoint on, which takes no longer than a few thousand entries; now and then all of it.</summary>
internal sealed class LogCheck(IDbContextFactory<FleetDbContext> factory, CheckpointStore store, FleetKeys keys)
{
    private const int Page = 1000;

    /// <summary>From the newest checkpoint on, and whether the registry is the one that was left.</summary>
    public async Task<LogVerdict> FromNewestAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await SnapshotAsync(db, cancellationToken);
        var entries = db.Set<AuditEntry>().AsNoTracking();
        var newest = await entries.OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        var row = newest is null ? null : await NewestOfAsync(db, newest.LogId, cancellationToken);
        var head = store.ReadHead();
        if (newest is null)
        {
            return head is null
                ? new LogVerdict(null, "", null)
                : Damage("the log has no entry, and there was a checkpoint");
        }

        if (head is null && await db.Set<CheckpointRow>().AnyAsync(cancellationToken))
        {
            return new LogVerdict(
                AuditRecord.Restored, "the registry came without the file audit-head, as a backup does; what was written since that backup is lost", newest);
        }

        LogCheckpoint? newestCheckpoint = null;
        if (row is not null && !LogCheckpoint.TryRead(row.Bytes, out newestCheckpoint))
        {
            return Damage($"the checkpoint for entry {row.Number} is unreadable");
        }

        if (newestCheckpoint is not null && newestCheckpoint.Server != keys.ServerId)
        {
            return new LogVerdict(AuditRecord.ServerRenewed, $"the server was {newestCheckpoint.Server} and is {keys.ServerId} now", newest);
        }

        var expected = new List<LogCheckpoint>();
        if (head is not null)
        {
            if (!LogCheckpoint.TryRead(head, out var left))
            {
                return Damage("the file audit-head is unreadable");
            }

            if (left.Server != keys.ServerId)
            {
                return new LogVerdict(AuditRecord.ServerRenewed, $"the server was {left.Server} and is {keys.ServerId} now", newest);
            }

            if (!left.IsSignedBy(keys.Server.Public))
            {
                return Damage("the file audit-head is not signed by this server");
            }

            // Of the log before it when the process ended between the beginning of a log and its first checkpoint.
            if (left.LogId.ToString() == newest.LogId)
            {
                expected.Add(left);
            }
            else if (!await entries.AnyAsync(entry => entry.LogId == left.LogId.ToString(), cancellationToken)
                && !await db.Set<CheckpointRow>().AnyAsync(one => one.LogId == left.LogId.ToString(), cancellationToken))
            {
                return Damage($"the file audit-head is of the log {left.LogId}, of which there is nothing");
            }
        }

        if (newestCheckpoint is not null)
        {
            expected.Add(newestCheckpoint);
        }

        return await FollowAsync(db, newest, newestCheckpoint, expected, cancellationToken);
    }

    /// <summary>All entries of the current log that are kept, with every checkpoint of it.</summary>
    public async Task<LogVerdict> AllAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await SnapshotAsync(db, cancellationToken);
        var newest = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        if (newest is null)
        {
            return new LogVerdict(null, "", null);
        }

        // By their place, so that entries that changed places are met in the wrong order.
        var first = await db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.LogId == newest.LogId).OrderBy(entry => entry.Id).FirstAsync(cancellationToken);
        var checkpoints = new List<LogCheckpoint>();
        LogCheckpoint? anchor = null;
        foreach (var row in await db.Set<CheckpointRow>().AsNoTracking().Where(row => row.LogId == newest.LogId).OrderBy(row => row.Id).ToListAsync(cancellationToken))
        {
            if (!LogCheckpoint.TryRead(row.Bytes, out var checkpoint)
                || checkpoint.LogId.ToString() != row.LogId
                || checkpoint.Number != row.Number
                || checkpoint.UnixMs != row.Time.ToUnixTimeMilliseconds()
                || !checkpoint.IsSignedBy(keys.Server.Public))
            {
                return Damage($"the checkpoint for entry {row.Number} is not what this server has signed");
            }

            anchor = checkpoint.Number == first.Number - 1 ? checkpoint : anchor;
            checkpoints.Add(checkpoint);
        }

        if (first.Number != 1 && anchor is null)
        {
            return Damage($"the log begins with entry {first.Number}, and no checkpoint ends before it");
        }

        return await FollowAsync(db, newest, anchor, checkpoints.Where(one => one.Number >= first.Number), cancellationToken);
    }

    /// <summary>What is appended or deleted by age meanwhile is not seen, and nobody waits for this.</summary>
    private static async Task<SqliteTransaction> SnapshotAsync(FleetDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var snapshot = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await db.Database.UseTransactionAsync(snapshot, cancellationToken);
        return snapshot;
    }

    private static LogVerdict Damage(string reason, AuditEntry? through = null) => new(AuditRecord.Damaged, reason, through);

    private static Task<CheckpointRow?> NewestOfAsync(FleetDbContext db, string log, CancellationToken cancellationToken) =>
        db.Set<CheckpointRow>().AsNoTracking().Where(row => row.LogId == log).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);

    /// <param name="anchor">Where to begin: with the entry that it was signed for, if that is kept, or the one after it; null: with the first.</param>
    private async Task<LogVerdict> FollowAsync(
        FleetDbContext db, AuditEntry newest, LogCheckpoint? anchor, IEnumerable<LogCheckpoint> expected, CancellationToken cancellationToken)
    {
        if (!ChainId.TryParse(newest.LogId, out var log))
        {
            return Damage($"the newest entry is of no log: {newest.LogId}");
        }

        if (anchor is not null && !anchor.IsSignedBy(keys.Server.Public))
        {
            return Damage($"the checkpoint for entry {anchor.Number} is not signed by this server");
        }

        var after = 0L;
        if (anchor is not null
            && await db.Set<AuditEntry>().AsNoTracking().SingleOrDefaultAsync(entry => entry.LogId == newest.LogId && entry.Number == anchor.Number, cancellationToken) is { } at)
        {
            after = at.Id;
            if (at.Logged() is not { } logged || !logged.Hash().AsSpan().SequenceEqual(anchor.Hash) || !at.Hash.AsSpan().SequenceEqual(anchor.Hash))
            {
                return Damage($"entry {anchor.Number} is not the one that a checkpoint was signed for");
            }
        }

        var verifier = new LogVerifier(log, anchor is null ? null : new ChainHead(anchor.Number, anchor.Hash));
        foreach (var checkpoint in expected)
        {
            if (!verifier.Expect(checkpoint.Number, checkpoint.Hash))
            {
                return Damage($"two checkpoints for entry {checkpoint.Number} differ");
            }
        }

        AuditEntry? through = null;
        while (true)
        {
            var page = await db.Set<AuditEntry>().AsNoTracking()
                .Where(entry => entry.LogId == newest.LogId && entry.Id > after && entry.Id <= newest.Id)
                .OrderBy(entry => entry.Id).Take(Page).ToListAsync(cancellationToken);
            foreach (var entry in page)
            {
                if (verifier.Next(entry.Logged()!, entry.Hash) is { } wrong)
                {
                    return Damage(wrong, through);
                }

                through = entry;
            }

            if (page.Count < Page)
            {
                break;
            }

            after = page[^1].Id;
        }

        return verifier.End() is { } missing ? Damage(missing, through) : new LogVerdict(null, "", through ?? newest);
    }
}
