using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>Commands that are stored and go nowhere.</summary>
internal sealed class FakeCommands(IDeviceRegistry devices, TimeProvider time) : ICommandService
{
    private readonly Dictionary<string, CommandSnapshot> _commands = new(StringComparer.Ordinal);
    private int _count;

    public Task<CommandCreation> CreateAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        if (devices.Find(request.DeviceId) is null)
        {
            return Task.FromResult(new CommandCreation(null, new CommandProblem(404, "device_not_found", "There is no such device.")));
        }

        if (request.Type == "restart-unit")
        {
            return Task.FromResult(new CommandCreation(null, new CommandProblem(400, "args", "Must name a unit.", "args.unit")));
        }

        var command = new CommandSnapshot
        {
            Id = (++_count).ToString("x32"),
            DeviceId = request.DeviceId,
            Type = request.Type,
            ArgsJson = request.Args?.GetRawText() ?? "{}",
            State = CommandState.Waiting,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = request.CreatedBy,
            SentAt = null,
            FinishedAt = null,
            ExpiresAt = time.GetUtcNow() + (request.ExpiresIn ?? TimeSpan.FromMinutes(5)),
            Progress = null,
            ExitCode = null,
            Message = "",
            Output = "",
            OutputTruncated = false,
            WaitingFor = "the device to come online",
        };
        _commands[command.Id] = command;
        return Task.FromResult(new CommandCreation(command, null));
    }

    public Task<CommandCreation> CreateSignedAsync(string deviceId, ReadOnlyMemory<byte> signed, string createdBy, CancellationToken cancellationToken) =>
        Task.FromResult(new CommandCreation(null, new CommandProblem(422, "command_unreadable", "This is not a signed command.")));

    public Task<CommandSnapshot?> GetAsync(string deviceId, string commandId, CancellationToken cancellationToken) =>
        Task.FromResult(_commands.GetValueOrDefault(commandId) is { } command && command.DeviceId == deviceId ? command : null);

    public Task<IReadOnlyList<CommandSnapshot>> ListAsync(string deviceId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CommandSnapshot>>([.. _commands.Values.Where(command => command.DeviceId == deviceId).Take(limit)]);

    public async Task<CommandCancellation> CancelAsync(string deviceId, string commandId, CancellationToken cancellationToken)
    {
        if (await GetAsync(deviceId, commandId, cancellationToken) is not { } command)
        {
            return CommandCancellation.NotFound;
        }

        if (command.State != CommandState.Waiting)
        {
            return CommandCancellation.TooLate;
        }

        _commands[commandId] = command with { State = CommandState.Cancelled };
        return CommandCancellation.Cancelled;
    }
}
