namespace Messaging.Agent.Events;

/// <summary>Where every part of the agent reports what happened. Never blocks and never throws; the event becomes a record.</summary>
internal interface IEventSink
{
    void Report(DeviceEvent happened);
}
