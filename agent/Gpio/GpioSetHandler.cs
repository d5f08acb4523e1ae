using Messaging.Agent.Commands;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Commands;

namespace Messaging.Agent.Gpio;

/// <summary>Sets a line that is declared as an output.</summary>
internal sealed class GpioSetHandler(OutputSet outputs) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.GpioSet;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !GpioSetArguments.TryDecode(arguments.Span, out var decoded) ? "gpio-set takes the name of an output, its value, and how long a pulse is in milliseconds."
        : outputs.Find(OutputKind.Gpio, decoded.Name) is null ? $"No GPIO output is called {decoded.Name} on this device."
        : null;

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = GpioSetArguments.TryDecode(context.Arguments.Span, out var arguments);
        var output = outputs.Find(OutputKind.Gpio, arguments!.Name)!;
        var now = output.Value is { } value ? output.Plan.Text(value) : "not set" + (output.Problem is { } problem ? $" ({problem})" : "");
        return Task.FromResult(CommandResult.Done($"It would set {arguments.Name} from {now} to {output.Plan.Text(arguments.Value ? 1 : 0)}{(arguments.Pulse is { } pulse ? $" for {pulse.TotalSeconds:0.###} s" : "")}."));
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = GpioSetArguments.TryDecode(context.Arguments.Span, out var arguments);
        outputs.Find(OutputKind.Gpio, arguments!.Name)!.Set(arguments.Value ? 1 : 0, arguments.Pulse);
        return Task.FromResult(CommandResult.Done($"{arguments.Name} is {(arguments.Value ? "on" : "off")}{(arguments.Pulse is { } pulse ? $" for {pulse.TotalSeconds:0.###} s" : "")}."));
    }
}
