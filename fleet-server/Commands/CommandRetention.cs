using System.Runtime.CompilerServices;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Updates.Devices;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <summary>
/// Forgets commands that ended long ago, what was kept of their sets and of updates, and proposals that are over. What they were, and what devices did with them, stands in the
/// audit for longer. One whose time is not over stays: who hands it in again is to find it.
/// </summary>
internal sealed class CommandRetention(IDbContextFactory<FleetDbContext> factory)
{
    private const int Batch = 500;

    /// <summary>Deletes in small steps; gives how many rows each of them deleted.</summary>
    public async IAsyncEnumerable<int> DeleteBeforeAsync(DateTimeOffset limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var limitMs = limit.ToUnixTimeMilliseconds();
        var after = 0L;
        while (true)
        {
            // Rows stand in the order in which commands were made, so that a round reads little more than it deletes.
            var rows = await db.Database.SqlQuery<Age>(
                $"SELECT rowid AS Row, CreatedAt, FinishedAt, ExpiresAt FROM commands WHERE rowid > {after} ORDER BY rowid LIMIT {Batch}").ToListAsync(cancellationToken);
            var old = rows.TakeWhile(row => row.CreatedAt < limitMs).ToList();
            if (old.Count == 0)
            {
                break;
            }

            after = old[^1].Row;
            var over = $"[{string.Join(',', old.Where(row => row.FinishedAt < limitMs && row.ExpiresAt < limitMs).Select(static row => row.Row))}]";
            yield return await db.Database.ExecuteSqlAsync($"DELETE FROM commands WHERE rowid IN (SELECT value FROM json_each({over}))", cancellationToken);

            if (old.Count < rows.Count)
            {
                break;
            }
        }

        yield return await db.Set<CommandSetEntity>()
            .Where(set => set.CreatedAt < limit && set.ExpiresAt < limit && !db.Set<CommandEntity>().Any(command => command.Id == set.Id))
            .ExecuteDeleteAsync(cancellationToken);
        yield return await db.Set<UpdateRow>()
            .Where(row => row.CreatedAt < limit && !db.Set<CommandEntity>().Any(command => command.Id == row.CommandId && command.DeviceId == row.DeviceId))
            .ExecuteDeleteAsync(cancellationToken);
        yield return await db.Set<ProposalEntity>().Where(proposal => proposal.ExpiresAt < limit).ExecuteDeleteAsync(cancellationToken);
    }

    private sealed record Age(long Row, long CreatedAt, long? FinishedAt, long ExpiresAt);
}
