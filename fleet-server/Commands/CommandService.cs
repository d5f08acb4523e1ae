using System.Collections.Concurrent;
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
            return Refuse(409, "device_not_active", $"The device is {device.Status.ToString().ToLowerInvariant()}; only active devices take commands.");
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

        var command = Entity(request, arguments, expiresIn);
        if (!await Of(id).AddAsync(command, cancellationToken))
        {
            return Refuse(409, "too_many_commands", $"The device has {context.Options.MaxOpenPerDevice} commands that have not ended; cancel some.");
        }

        kicks.Kick(id, reopened: false);
        return new CommandCreation(Snapshot(command), null);
    }

    public async Task<CommandSnapshot?> GetAsync(string deviceId, string commandId, CancellationToken cancellationToken) =>
        await context.Store.FindAsync(deviceId, commandId, cancellationToken) is { } command ? Snapshot(command) : null;

    public async Task<IReadOnlyList<CommandSnapshot>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken) =>
        [.. (await context.Store.ListAsync(deviceId, limit, cancellationToken)).Select(Snapshot)];

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

    public async Task<bool> ApplyAsync(PrincipalId device, CommandReport report, CancellationToken cancellationToken) =>
        await Of(device).ChangeAsync(
            report.CommandId.ToString(), (command, now) => CommandRules.Apply(command, report, now), cancellationToken) is not null;

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

    private CommandEntity Entity(CommandRequest request, byte[] arguments, TimeSpan expiresIn)
    {
        // Stored in milliseconds, so answered in milliseconds.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(context.Time.GetUtcNow().ToUnixTimeMilliseconds());
        return new CommandEntity
        {
            Id = CommandId.Generate().ToString(),
            DeviceId = request.DeviceId,
            Ordinal = Interlocked.Increment(ref _lastOrdinal),
            Type = request.Type,
            ArgsJson = request.Args is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}",
            Args = arguments,
            CreatedAt = now,
            CreatedBy = request.CreatedBy,
            ExpiresAt = now + expiresIn,
        };
    }

    private CommandSnapshot Snapshot(CommandEntity command) => CommandRules.Snapshot(
        command, PrincipalId.TryParse(command.DeviceId, out var id) ? context.Devices.Presence(id) : null);

    private DeviceCommands Of(PrincipalId device) => _devices.GetOrAdd(device, id => new DeviceCommands(id, context));
}
