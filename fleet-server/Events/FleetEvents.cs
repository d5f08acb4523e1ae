using System.Collections.Immutable;

namespace Messaging.FleetServer.Events;

/// <inheritdoc cref="IFleetEvents"/>
internal sealed class FleetEvents : IFleetEvents
{
    private ImmutableArray<Subscription> _subscriptions = [];

    public void Publish(FleetEvent fleetEvent)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Handler(fleetEvent);
        }
    }

    public IDisposable Subscribe(Action<FleetEvent> handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    private sealed class Subscription(FleetEvents owner, Action<FleetEvent> handler) : IDisposable
    {
        public Action<FleetEvent> Handler { get; } = handler;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner._subscriptions, (all, removed) => all.Remove(removed), this);
    }
}
