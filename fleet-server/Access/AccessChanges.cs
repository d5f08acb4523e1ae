using System.Collections.Immutable;

namespace Messaging.FleetServer.Access;

/// <summary>Tells whoever holds a request open (live streams) that somebody's access changed: ask the authenticator again.</summary>
internal sealed class AccessChanges
{
    private ImmutableArray<Subscription> _subscriptions = [];

    public void Notify()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Handler();
        }
    }

    /// <summary>The handler must neither block nor throw. Dispose to stop.</summary>
    public IDisposable Subscribe(Action handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, (all, added) => all.Add(added), subscription);
        return subscription;
    }

    private sealed class Subscription(AccessChanges owner, Action handler) : IDisposable
    {
        public Action Handler { get; } = handler;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref owner._subscriptions, (all, removed) => all.Remove(removed), this);
    }
}
