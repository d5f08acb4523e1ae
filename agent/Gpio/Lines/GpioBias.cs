namespace Messaging.Agent.Gpio.Lines;

internal enum GpioBias
{
    None,
    PullUp,
    PullDown,
}
