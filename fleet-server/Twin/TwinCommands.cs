using System.Text.Json;
using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Storage;
using Messaging.Twin;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Twin;

/// <summary>The commands that say what devices are to be like, out of the registry.</summary>
internal sealed class TwinCommands(IDbContextFactory<FleetDbContext> database)
{
    /// <summary>How many of a device's are looked at.</summary>
    private const int Newest = 16;

    /// <summary>A set of thousands has one document.</summary>
    private readonly Dictionary<string, (string ArgsJson, string? IssuerId)> _sets = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<string>> DevicesAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        return await db.Set<CommandEntity>().Where(command => command.Type == CommandTypes.DesiredSet && !command.DryRun)
            .Select(command => command.DeviceId).Distinct().ToListAsync(cancellationToken);
    }

    /// <summary>Newest first. For one caller at a time.</summary>
    public async Task<IReadOnlyList<TwinCommand>> NewestAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var rows = await db.Set<CommandEntity>().AsNoTracking()
            .Where(command => command.DeviceId == deviceId && command.Type == CommandTypes.DesiredSet && !command.DryRun)
            .OrderByDescending(command => command.Ordinal)
            .Take(Newest)
            .Select(command => new { command.Id, command.Ordinal, command.SetIndex, command.ArgsJson, command.State, command.IssuerId, command.CreatedBy, command.CreatedAt, command.Message })
            .ToListAsync(cancellationToken);
        var commands = new List<TwinCommand>();
        foreach (var row in rows)
        {
            var (json, issuer) = row.SetIndex is null ? (row.ArgsJson, row.IssuerId) : await SetAsync(db, row.Id, cancellationToken);
            if (Read(json) is { } state)
            {
                commands.Add(new TwinCommand(row.Id, row.Ordinal, state, row.State, issuer, row.CreatedBy, row.CreatedAt, row.Message));
            }
        }

        return commands;
    }

    private async Task<(string ArgsJson, string? IssuerId)> SetAsync(FleetDbContext db, string id, CancellationToken cancellationToken)
    {
        const int Kept = 16;
        if (_sets.TryGetValue(id, out var known))
        {
            return known;
        }

        var set = await db.Set<CommandSetEntity>().AsNoTracking().Where(one => one.Id == id).Select(one => new { one.ArgsJson, one.IssuerId }).SingleAsync(cancellationToken);
        if (_sets.Count >= Kept)
        {
            _sets.Clear();
        }

        return _sets[id] = (set.ArgsJson, set.IssuerId);
    }

    /// <summary>Null for what a device refuses anyway: somebody signed bytes that are none.</summary>
    private static DesiredState? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return new ArgumentReader(document.RootElement).Desired();
        }
        catch (ArgumentProblemException)
        {
            return null;
        }
    }
}
