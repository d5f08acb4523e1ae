using Messaging.Agent.Commands;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Commands;

namespace Messaging.Agent.Gpio;

/// <summary>Sets the duty cycle of a declared PWM output.</summary>
internal sealed class PwmSetHandler(OutputSet outputs) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.PwmSet;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !PwmSetArguments.TryDecode(arguments.Span, out var decoded) ? "pwm-set takes the name of an output and its duty cycle in thousandths."
        : outputs.Find(OutputKind.Pwm, decoded.Name) is null ? $"No PWM output is called {decoded.Name} on this device."
        : null;

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = PwmSetArguments.TryDecode(context.Arguments.Span, out var arguments);
        var output = outputs.Find(OutputKind.Pwm, arguments!.Name)!;
        var now = output.Value is { } value ? output.Plan.Text(value) : "not set" + (output.Problem is { } problem ? $" ({problem})" : "");
        return Task.FromResult(CommandResult.Done($"It would set {arguments.Name} from {now} to {output.Plan.Text(arguments.Permille / 1000.0)}."));
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = PwmSetArguments.TryDecode(context.Arguments.Span, out var arguments);
        outputs.Find(OutputKind.Pwm, arguments!.Name)!.Set(arguments.Permille / 1000.0, pulse: null);
        return Task.FromResult(CommandResult.Done($"{arguments.Name} is on for {arguments.Permille / 10.0:0.#} % of the time."));
    }
}
