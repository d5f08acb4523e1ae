namespace Messaging.FleetServer.Events;

/// <summary>Hands events to whoever watches, on the publisher's thread and in its order.</summary>
internal interface IFleetEvents
{
    void Publish(FleetEvent fleetEvent);

    /// <summary>The handler must neither block nor throw: a queue of its own is the way. Dispose to stop.</summary>
    IDisposable Subscribe(Action<FleetEvent> handler);
}
