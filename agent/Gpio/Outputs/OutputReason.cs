namespace Messaging.Agent.Gpio.Outputs;

internal enum OutputReason
{
    Initial,
    Command,
    PulseEnd,
    ConnectionLost,
    Stopping,
}
