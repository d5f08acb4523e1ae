namespace Messaging.Agent.Sensors;

internal enum ThresholdLevel
{
    CriticalLow = -2,
    WarningLow = -1,
    Normal = 0,
    WarningHigh = 1,
    CriticalHigh = 2,
}
