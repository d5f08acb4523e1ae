using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <inheritdoc cref="ICommandService"/>
internal sealed class CommandService(CommandContext context, CommandKicks kicks) : ICommandService, ICommandReports, IDisposable
{
    private readonly ConcurrentDictionary<PrincipalId, DeviceCommands> _devices = new();
    private long _lastOrdinal;

    /// <summary>The devices that may have open commands.</summary>
    public IEnumerable<KeyValuePair<PrincipalId, DeviceCommands>> Open => _devices.Where(entry => !entry.Value.IsEmpty);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _lastOrdinal = await context.Store.LastOrdinalAsync(cancellationToken);
        foreach (var command in await context.Store.LoadOpenAsync(cancellationToken))
        {
            Of(PrincipalId.Parse(command.DeviceId)).Restore(command);
        }
    }

    public async Task<CommandCreation> CreateAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        if (!PrincipalId.TryParse(request.DeviceId, out var id) || context.Devices.Get(id) is not { } device)
        {
            return Refuse(404, "device_not_found", "There is no such device.");
        }

        if (device.Status != DeviceStatus.Active)
        {
            return NotActive(device);
        }

        if (CommandCatalog.Find(request.Type) is not { } kind)
        {
            return Refuse(422, "unknown_command", $"There is no such command. There are: {string.Join(", ", CommandCatalog.Types)}.", "type");
        }

        if (device.Described && !device.AllowedCommands.Contains(kind.Type, StringComparer.Ordinal))
        {
            return Refuse(422, "not_allowed_on_device", $"The device's owner does not allow {kind.Type}; see the device's configuration.", "type");
        }

        var expiresIn = request.ExpiresIn ?? kind.DefaultExpiry;
        if (expiresIn < TimeSpan.FromSeconds(1) || expiresIn > CommandCatalog.LongestExpiry)
        {
            return Refuse(422, "invalid_expiry", $"A command expires in 1 second to {CommandCatalog.LongestExpiry.TotalDays} days.", "expiresIn");
        }

        byte[] arguments;
        try
        {
            var reader = new ArgumentReader(request.Args);
            arguments = kind.Parse(reader, device);
            reader.End();
        }
        catch (ArgumentProblemException problem)
        {
            return Refuse(422, problem.Code, problem.Message, problem.Field);
        }

        return await AddAsync(id, Entity(request, kind, arguments, expiresIn), cancellationToken);
    }

    public async Task<CommandCreation> CreateSignedAsync(
        string deviceId, ReadOnlyMemory<byte> signed, string createdBy, CancellationToken cancellationToken)
    {
        if (!PrincipalId.TryParse(deviceId, out var id) || context.Devices.Get(id) is not { } device)
        {
            return Refuse(404, "device_not_found", "There is no such device.");
        }

        if (device.Status != DeviceStatus.Active)
        {
            return NotActive(device);
        }

        var now = Now();
        if (!Command.TryParse(signed.Span, out var command))
        {
            return Refuse(422, "command_unreadable", "This is not a signed command.");
        }

        var content = command.Content;
        if (content.Target.Kind != CommandTargetKind.Device || content.Target.Id != id)
        {
            return Refuse(422, "wrong_target", "It is for another device, or for a set of them.");
        }

        if (context.Signer.Check(command, now) is { } problem)
        {
            return new CommandCreation(null, problem);
        }

        if (await FindSignedAsync(deviceId, content.Id, signed, cancellationToken) is { } known)
        {
            return known;
        }

        var entity = new CommandEntity
        {
            Id = content.Id.ToString(),
            DeviceId = deviceId,
            Ordinal = Interlocked.Increment(ref _lastOrdinal),
            Type = content.Type,
            ArgsJson = ArgumentsJson.Of(content.Type, content.Arguments.Span),
            Args = content.Arguments.ToArray(),
            DryRun = content.DryRun,
            CreatedAt = now,
            CreatedBy = createdBy,
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(content.ExpiresAtUnixMs),
            Signed = signed.ToArray(),
            IssuerSeq = (long)content.IssuerSeq,
            IssuerId = content.IssuerId.ToString(),
            BootNonce = content.Freshness?.BootId.ToArray(),
        };
        try
        {
            return await AddAsync(id, entity, cancellationToken);
        }
        catch (DbException)
        {
            // The same came twice at a time, and the other was faster.
            if (await FindSignedAsync(deviceId, content.Id, signed, cancellationToken) is { } first)
            {
                return first;
            }

            throw;
        }
    }

    public async Task<CommandSnapshot?> GetAsync(string deviceId, string commandId, CancellationToken cancellationToken) =>
        await context.Store.FindAsync(deviceId, commandId, cancellationToken) is { } command
            ? (await SnapshotsAsync([command], cancellationToken))[0]
            : null;

    public async Task<IReadOnlyList<CommandSnapshot>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken) =>
        await SnapshotsAsync(await context.Store.ListAsync(deviceId, limit, cancellationToken), cancellationToken);

    public async Task<CommandCancellation> CancelAsync(string deviceId, string commandId, CancellationToken cancellationToken)
    {
        var cancelled = PrincipalId.TryParse(deviceId, out var id)
            ? await Of(id).ChangeAsync(commandId, Cancel, cancellationToken)
            : null;
        return cancelled switch
        {
            null => CommandCancellation.NotFound,
            true => CommandCancellation.Cancelled,
            false => CommandCancellation.TooLate,
        };
    }

    public Task<int> ApplyAsync(PrincipalId device, IReadOnlyList<CommandReport> reports, CancellationToken cancellationToken) =>
        Of(device).ApplyAsync(reports, cancellationToken);

    public async Task<bool> KnowsAsync(PrincipalId device, CommandId command, CancellationToken cancellationToken) =>
        await context.Store.FindAsync(device.ToString(), command.ToString(), cancellationToken) is not null;

    public void DeviceIsBack(PrincipalId device)
    {
        if (_devices.TryGetValue(device, out var commands) && !commands.IsEmpty)
        {
            kicks.Kick(device, reopened: true);
        }
    }

    public Task ChangeAllAsync(PrincipalId device, Func<CommandEntity, DateTimeOffset, bool> rule, CancellationToken cancellationToken) =>
        Of(device).ChangeAllAsync(rule, cancellationToken);

    public Task DispatchAsync(PrincipalId device, bool reopened, CancellationToken cancellationToken) =>
        Of(device).DispatchAsync(reopened, cancellationToken);

    /// <summary>Numbers for commands that are stored together, in the order of their creation: the first of them.</summary>
    public long TakeOrdinals(int count) => Interlocked.Add(ref _lastOrdinal, count) - count + 1;

    /// <summary>Takes over what was stored for many devices at once, and sends it.</summary>
    public async Task TakeOverAsync(IReadOnlyList<CommandEntity> stored, CancellationToken cancellationToken)
    {
        foreach (var command in stored.Where(static command => !command.State.IsFinal()))
        {
            var device = PrincipalId.Parse(command.DeviceId);
            await Of(device).AddStoredAsync(command, cancellationToken);
            kicks.Kick(device, reopened: false);
        }
    }

    /// <summary>Whether the device has as many open commands as it may.</summary>
    public bool IsFull(PrincipalId device) => _devices.TryGetValue(device, out var commands) && commands.Count >= context.Options.MaxOpenPerDevice;

    /// <summary>Takes back the command of this id on a device, when it waits there. Returns whether it did.</summary>
    public Task<bool> CancelOpenAsync(PrincipalId device, string commandId, CancellationToken cancellationToken) =>
        _devices.TryGetValue(device, out var commands) ? commands.ChangeOpenAsync(commandId, Cancel, cancellationToken) : Task.FromResult(false);

    /// <summary>What waits, for people; null when nothing is awaited.</summary>
    public string? WaitingFor(CommandEntity command) => Snapshot(command).WaitingFor;

    public void Dispose()
    {
        foreach (var commands in _devices.Values)
        {
            commands.Dispose();
        }
    }

    private static bool Cancel(CommandEntity command, DateTimeOffset now)
    {
        if (command.State != CommandState.Waiting)
        {
            return false;
        }

        command.State = CommandState.Cancelled;
        command.Message = "It was taken back before it was sent.";
        command.FinishedAt = now;
        return true;
    }

    private static CommandCreation Refuse(int status, string code, string detail, string? field = null) =>
        new(null, new CommandProblem(status, code, detail, field));

    private static CommandCreation NotActive(Device device) =>
        Refuse(409, "device_not_active", $"The device is {device.Status.ToString().ToLowerInvariant()}; only active devices take commands.");

    private async Task<CommandCreation> AddAsync(PrincipalId device, CommandEntity command, CancellationToken cancellationToken)
    {
        if (!await Of(device).AddAsync(command, cancellationToken))
        {
            return Refuse(409, "too_many_commands", $"The device has {context.Options.MaxOpenPerDevice} commands that have not ended; cancel some.");
        }

        kicks.Kick(device, reopened: false);
        return new CommandCreation(Snapshot(command), null);
    }

    /// <summary>What is answered to a command that was sent again, because the answer was lost; null when it is new.</summary>
    private async Task<CommandCreation?> FindSignedAsync(string deviceId, CommandId id, ReadOnlyMemory<byte> signed, CancellationToken cancellationToken) =>
        await context.Store.FindAsync(id.ToString(), cancellationToken) is not { } known ? null
            : known.DeviceId == deviceId && known.Signed.AsSpan().SequenceEqual(signed.Span) ? new CommandCreation(Snapshot(known), null)
            : Refuse(409, "command_id_used", "There is another command of this id.");

    /// <summary>Stored in milliseconds, so answered in milliseconds.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(context.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private CommandEntity Entity(CommandRequest request, CommandKind kind, byte[] arguments, TimeSpan expiresIn)
    {
        var now = Now();
        return new CommandEntity
        {
            Id = CommandId.Generate().ToString(),
            DeviceId = request.DeviceId,
            Ordinal = Interlocked.Increment(ref _lastOrdinal),
            Type = request.Type,
            ArgsJson = kind.HasSecrets ? ArgumentsJson.Of(kind.Type, arguments) : request.Args is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}",
            Args = arguments,
            DryRun = request.DryRun,
            CreatedAt = now,
            CreatedBy = request.CreatedBy,
            ExpiresAt = now + expiresIn,
        };
    }

    private CommandSnapshot Snapshot(CommandEntity command) => CommandRules.Snapshot(
        command,
        PrincipalId.TryParse(command.DeviceId, out var id) ? context.Devices.Presence(id) : null,
        context.Signer.RuleFor(command.Type),
        context.Time.GetUtcNow());

    /// <summary>Those of sets have their arguments with the set.</summary>
    private async Task<IReadOnlyList<CommandSnapshot>> SnapshotsAsync(IReadOnlyList<CommandEntity> commands, CancellationToken cancellationToken)
    {
        var sets = commands.Where(static command => command.SetIndex is not null).Select(static command => command.Id).ToHashSet(StringComparer.Ordinal);
        var arguments = sets.Count == 0 ? null : await context.Store.SetArgumentsAsync(sets, cancellationToken);
        return [.. commands.Select(command => command.SetIndex is null ? Snapshot(command) : Snapshot(command) with { ArgsJson = arguments![command.Id] })];
    }

    private DeviceCommands Of(PrincipalId device) => _devices.GetOrAdd(device, id => new DeviceCommands(id, context));
}
