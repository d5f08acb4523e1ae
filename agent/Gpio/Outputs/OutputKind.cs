namespace Messaging.Agent.Gpio.Outputs;

internal enum OutputKind
{
    Gpio,
    Pwm,
}
