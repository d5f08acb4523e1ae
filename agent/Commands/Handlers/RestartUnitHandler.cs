using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RestartUnitHandler(ISystemd systemd, AgentOptions options) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.RestartUnit;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments)
    {
        if (!RestartUnitArguments.TryDecode(arguments.Span, out var decoded))
        {
            return "restart-unit takes the name of a unit.";
        }

        return UnitName.IsMatch(options.Commands.UnitList(), decoded.Unit)
            ? null
            : $"The owner of this device does not allow restarting {decoded.Unit} (Commands:Units).";
    }

    public async Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = RestartUnitArguments.TryDecode(context.Arguments.Span, out var arguments);
        foreach (var unit in await systemd.ListUnitsAsync(ct))
        {
            if (unit.Name == arguments!.Unit)
            {
                return unit.LoadState == "loaded"
                    ? CommandResult.Done($"It would restart {unit.Name}, which is {unit.ActiveState} ({unit.SubState}).")
                    : CommandResult.Failed($"{unit.Name} cannot be restarted: systemd says that it is {unit.LoadState}.");
            }
        }

        return CommandResult.Done($"It would start {arguments!.Unit}, of which systemd has nothing loaded now; whether there is such a unit is seen when it is started.");
    }

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = RestartUnitArguments.TryDecode(context.Arguments.Span, out var arguments);
        try
        {
            var result = await systemd.RestartUnitAsync(arguments!.Unit, options.Commands.UnitTimeout, ct);
            return result == "done" ? CommandResult.Done("restarted") : CommandResult.Failed($"systemd says: {result}");
        }
        catch (SystemdException e) when (e.IsDenied)
        {
            return CommandResult.Failed($"The system does not let the agent restart {arguments!.Unit}: {e.Message}");
        }
        catch (TimeoutException)
        {
            return CommandResult.Failed($"{arguments!.Unit} was not up again within {options.Commands.UnitTimeout.TotalSeconds:0} s; systemd goes on.");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new CommandResult(CommandState.Unknown, $"The agent was stopped before systemd said what came of {arguments!.Unit}.");
        }
    }
}
