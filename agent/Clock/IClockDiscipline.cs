namespace Messaging.Agent.Clock;

/// <summary>Whether somebody keeps this machine's clock right.</summary>
internal interface IClockDiscipline
{
    bool IsSynchronised { get; }
}
