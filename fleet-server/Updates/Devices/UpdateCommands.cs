using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>The commands that assign updates, out of the registry.</summary>
internal sealed class UpdateCommands(IReleaseSource releases)
{
    /// <summary>Those that are not followed yet, or were further when this was last told.</summary>
    public static async Task<List<UpdateKey>> StaleAsync(FleetDbContext db, CancellationToken cancellationToken) =>
        await Updates(db)
            .Where(command => !db.Set<UpdateRow>().Any(row =>
                row.DeviceId == command.DeviceId && row.CommandId == command.Id && row.CommandState == command.State && row.CommandMessage == command.Message))
            .OrderBy(command => command.Ordinal)
            .Select(command => new UpdateKey(command.DeviceId, command.Id))
            .ToListAsync(cancellationToken);

    /// <summary>Those of these that are there, and are updates that devices would take.</summary>
    public async Task<Dictionary<UpdateKey, UpdateCommand>> FindAsync(FleetDbContext db, IReadOnlySet<UpdateKey> keys, CancellationToken cancellationToken)
    {
        var (devices, ids) = (keys.Select(static key => key.DeviceId).Distinct().ToList(), keys.Select(static key => key.CommandId).Distinct().ToList());
        var rows = await Updates(db).Where(command => devices.Contains(command.DeviceId) && ids.Contains(command.Id))
            .Select(command => new UpdateCommandRow(
                command.Id, command.DeviceId, command.SetIndex != null, command.ArgsJson, command.IssuerId, command.CreatedAt, command.CreatedBy, command.ExpiresAt, command.State, command.Message))
            .ToListAsync(cancellationToken);

        // Those of a set have their arguments with the set.
        var sets = rows.Where(static row => row.IsOfSet).Select(static row => row.Id).Distinct().ToList();
        var shared = sets.Count == 0 ? [] : await db.Set<CommandSetEntity>().AsNoTracking().Where(set => sets.Contains(set.Id))
            .Select(set => new { set.Id, set.ArgsJson, set.IssuerId }).ToDictionaryAsync(static set => set.Id, StringComparer.Ordinal, cancellationToken);
        var found = new Dictionary<UpdateKey, UpdateCommand>();
        foreach (var row in rows)
        {
            var key = new UpdateKey(row.DeviceId, row.Id);
            var (args, issuer) = row.IsOfSet ? (shared[row.Id].ArgsJson, shared[row.Id].IssuerId) : (row.ArgsJson, row.IssuerId);
            if (keys.Contains(key) && UpdateCommand.Of(row, args, issuer, releases) is { } command)
            {
                found[key] = command;
            }
        }

        return found;
    }

    private static IQueryable<CommandEntity> Updates(FleetDbContext db) =>
        db.Set<CommandEntity>().AsNoTracking().Where(command => command.Type == CommandTypes.Update && !command.DryRun);
}
