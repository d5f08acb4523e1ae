using System.Globalization;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>What configuration says of an output.</summary>
/// <param name="Safe">Null: it stays as it is.</param>
internal sealed record OutputPlan(string Name, OutputKind Kind, double Initial, double? Safe, TimeSpan SafeAfter)
{
    public static OutputPlan Of(string name, GpioOptions options) => new(
        name, OutputKind.Gpio, options.Initial == "on" ? 1 : 0, options.Safe == "keep" ? null : options.Safe == "on" ? 1 : 0, options.SafeAfter);

    public static OutputPlan Of(string name, PwmOptions options) => new(name, OutputKind.Pwm, options.Initial, options.Safe, options.SafeAfter);

    public string Text(double value) => Kind == OutputKind.Gpio ? value >= 0.5 ? "on" : "off" : value.ToString("0.###", CultureInfo.InvariantCulture);
}
