using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <summary>Commands in the registry database.</summary>
internal sealed class CommandStore(IDbContextFactory<FleetDbContext> database, CommandWriter writer)
{
    /// <summary>The commands that have not ended, oldest first.</summary>
    public async Task<List<CommandEntity>> LoadOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var open = await db.Set<CommandEntity>().AsNoTracking()
            .Where(command => command.State < CommandState.Done)
            .OrderBy(command => command.Ordinal)
            .ToListAsync(cancellationToken);
        var sets = new Dictionary<string, CommandSet>(StringComparer.Ordinal);
        foreach (var command in open.Where(static command => command.SetIndex is not null))
        {
            if (!sets.TryGetValue(command.Id, out var set))
            {
                set = CommandSet.Of(await db.Set<CommandSetEntity>().AsNoTracking().SingleAsync(one => one.Id == command.Id, cancellationToken));
                sets.Add(command.Id, set);
            }

            command.Set = set;
        }

        return open;
    }

    public async Task<long> LastOrdinalAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().MaxAsync(command => (long?)command.Ordinal, cancellationToken) ?? 0;
    }

    /// <exception cref="System.Data.Common.DbException">The device has such a command.</exception>
    public Task InsertAsync(CommandEntity command) => writer.InsertAsync(command);

    public Task UpdateAsync(CommandEntity command) => writer.UpdateAsync(command);

    public async Task<CommandEntity?> FindAsync(string deviceId, string commandId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AsNoTracking()
            .SingleOrDefaultAsync(command => command.Id == commandId && command.DeviceId == deviceId, cancellationToken);
    }

    /// <summary>Whichever device it is for: an id is used once.</summary>
    public async Task<CommandEntity?> FindAsync(string commandId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AsNoTracking().FirstOrDefaultAsync(command => command.Id == commandId, cancellationToken);
    }

    public async Task<List<CommandEntity>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AsNoTracking()
            .Where(command => command.DeviceId == deviceId)
            .OrderByDescending(command => command.Ordinal)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The arguments of commands to sets, as the API shows them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SetArgumentsAsync(IReadOnlyCollection<string> sets, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandSetEntity>().AsNoTracking().Where(set => sets.Contains(set.Id))
            .ToDictionaryAsync(static set => set.Id, static set => set.ArgsJson, StringComparer.Ordinal, cancellationToken);
    }

    /// <summary>
    /// Reserves sequence numbers and gives the first; all of them count as used from now on. They begin at the time in milliseconds
    /// where that is higher: a server that was restored from a backup goes on above the numbers that it has given since.
    /// </summary>
    public async Task<long> ReserveSequenceAsync(int count, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var sequence = await db.Set<IssuerSequence>().SingleOrDefaultAsync(row => row.Name == IssuerSequence.Commands, cancellationToken);
        if (sequence is null)
        {
            sequence = new IssuerSequence { Name = IssuerSequence.Commands };
            db.Add(sequence);
        }

        var first = Math.Max(sequence.ReservedThrough + 1, now.ToUnixTimeMilliseconds());
        sequence.ReservedThrough = first + count - 1;
        await db.SaveChangesAsync(cancellationToken);
        return first;
    }
}
