namespace Messaging.Agent.Gpio;

/// <summary>Names of the events about GPIO lines and PWM outputs. Listed in docs/reference/gpio.md.</summary>
internal static class GpioEvents
{
    /// <summary>line, value: on or off; suppressed: changes since the last such event that were none.</summary>
    public const string Changed = "gpio.changed";

    /// <summary>output, value, why: initial, command, pulse-end, connection-lost, stopping.</summary>
    public const string Output = "output.changed";

    /// <summary>line or output, reason.</summary>
    public const string Failed = "gpio.failed";

    public const string Recovered = "gpio.recovered";
}
