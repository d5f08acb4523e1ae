using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Messaging.FleetServer.Commands;

/// <summary>Commands to sets in the registry database.</summary>
internal sealed class CommandSetStore(IDbContextFactory<FleetDbContext> database)
{
    /// <summary>Stores the command and a row for each device, or nothing.</summary>
    /// <exception cref="DbUpdateException">There is such a command.</exception>
    public async Task InsertAsync(CommandSetEntity set, IReadOnlyList<CommandEntity> rows, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(set);
        await db.SaveChangesAsync(cancellationToken);
        await using (var writer = new CommandRows(db.Database.GetDbConnection(), transaction.GetDbTransaction()))
        {
            foreach (var row in rows)
            {
                await writer.InsertAsync(row);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<CommandSetEntity?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandSetEntity>().AsNoTracking().SingleOrDefaultAsync(set => set.Id == id, cancellationToken);
    }

    /// <summary>True when a command to one device has this id.</summary>
    public async Task<bool> IsOfADeviceAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AnyAsync(command => command.Id == id && command.SetIndex == null, cancellationToken);
    }

    /// <summary>Newest first, without their members.</summary>
    public async Task<List<CommandSetEntity>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandSetEntity>().AsNoTracking().OrderByDescending(set => set.CreatedAt).Take(limit)
            .Select(set => new CommandSetEntity
            {
                Id = set.Id,
                Type = set.Type,
                ArgsJson = set.ArgsJson,
                DryRun = set.DryRun,
                CreatedAt = set.CreatedAt,
                CreatedBy = set.CreatedBy,
                ExpiresAt = set.ExpiresAt,
                IssuerId = set.IssuerId,
                Size = set.Size,
                Order = Array.Empty<byte>(),
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many devices of each set are how far.</summary>
    public async Task<Dictionary<string, CommandSetTotals>> TotalsAsync(IReadOnlyCollection<string> sets, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var counts = await db.Set<CommandEntity>().Where(command => sets.Contains(command.Id))
            .GroupBy(command => new { command.Id, command.State })
            .Select(group => new { group.Key.Id, group.Key.State, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return counts.GroupBy(static count => count.Id, StringComparer.Ordinal).ToDictionary(
            static group => group.Key,
            static group => CommandSetTotals.Of(group.ToDictionary(static count => count.State, static count => count.Count)),
            StringComparer.Ordinal);
    }

    public async Task<List<CommandEntity>> MembersAsync(
        string id, IReadOnlyCollection<CommandState> states, int after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AsNoTracking()
            .Where(command => command.Id == id && command.SetIndex > after && (states.Count == 0 || states.Contains(command.State)))
            .OrderBy(command => command.SetIndex)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    public async Task<List<string>> WaitingAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().Where(command => command.Id == id && command.State == CommandState.Waiting)
            .Select(command => command.DeviceId)
            .ToListAsync(cancellationToken);
    }
}
