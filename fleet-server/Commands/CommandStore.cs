using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <summary>Commands in the registry database.</summary>
internal sealed class CommandStore(IDbContextFactory<FleetDbContext> database)
{
    /// <summary>The commands that have not ended, oldest first.</summary>
    public async Task<List<CommandEntity>> LoadOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().AsNoTracking()
            .Where(command => command.State < CommandState.Done)
            .OrderBy(command => command.Ordinal)
            .ToListAsync(cancellationToken);
    }

    public async Task<long> LastOrdinalAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().MaxAsync(command => (long?)command.Ordinal, cancellationToken) ?? 0;
    }

    public async Task InsertAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        db.Add(command);
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task UpdateAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        db.Update(command);
        await db.SaveChangesAsync(cancellationToken);
    }

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
        return await db.Set<CommandEntity>().AsNoTracking().SingleOrDefaultAsync(command => command.Id == commandId, cancellationToken);
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

    /// <summary>
    /// Reserves sequence numbers and gives the first; all of them count as used from now on. They begin at the time in milliseconds
    /// where that is higher: a server that was restored from a backup goes on above the numbers that it has given since.
    /// </summary>
    public async Task<long> ReserveSequenceAsync(string deviceId, int count, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var sequence = await db.Set<IssuerSequence>().SingleOrDefaultAsync(row => row.DeviceId == deviceId, cancellationToken);
        if (sequence is null)
        {
            sequence = new IssuerSequence { DeviceId = deviceId };
            db.Add(sequence);
        }

        var first = Math.Max(sequence.ReservedThrough + 1, now.ToUnixTimeMilliseconds());
        sequence.ReservedThrough = first + count - 1;
        await db.SaveChangesAsync(cancellationToken);
        return first;
    }
}
