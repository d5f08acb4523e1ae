using System.Collections.Concurrent;
using System.Collections.Frozen;
using Messaging.Relay.Access;
using Messaging.Relay.Principals;
using Messaging.Relay.Transport;
using Messaging.Wire;

namespace Messaging.Relay.Connections;

/// <summary>An authenticated connection.</summary>
/// <param name="id">Who it is.</param>
/// <param name="key">The identity key that was proven.</param>
/// <param name="isControl">True for control, false for a device.</param>
/// <param name="number">The number of this connection; later ones are higher, over restarts too.</param>
/// <param name="channel">The connection itself.</param>
internal sealed class RelaySession(PrincipalId id, IdentityPublicKey key, bool isControl, ulong number, RelayChannel channel)
{
    private readonly ConcurrentDictionary<string, bool> _subscriptions = new(StringComparer.Ordinal);

    public PrincipalId Id => id;

    public bool IsControl => isControl;

    public ulong Number => number;

    public RelayChannel Channel => channel;

    /// <summary>Guards <see cref="Presence"/> together with the queueing of the event, so that events cannot overtake each other.</summary>
    public Lock PresenceLock { get; } = new();

    /// <summary>What control has been told of this session. Guarded by <see cref="PresenceLock"/>.</summary>
    public PresenceState Presence { get; set; }

    /// <summary>The subject of access decisions, with the groups of this moment.</summary>
    public AccessSubject Subject(KnownPrincipal? known) => new(id, isControl, known?.Groups ?? FrozenSet<PrincipalId>.Empty);

    /// <summary>Whether the directory still lets this session be: control always, a device while it is active with the proven key.</summary>
    public bool IsStillWelcome(KnownPrincipal? known) => isControl || (known is { IsActive: true } && known.Key.Equals(key));

    /// <summary>Adds or replaces a subscription.</summary>
    public void Subscribe(string filter, bool isAcknowledged) => _subscriptions[filter] = isAcknowledged;

    /// <summary>Removes a subscription; false when there was none.</summary>
    public bool Unsubscribe(string filter) => _subscriptions.TryRemove(filter, out _);

    /// <summary>Whether a filter is subscribed, and with which quality of service.</summary>
    public bool IsSubscribed(string filter, out bool isAcknowledged) => _subscriptions.TryGetValue(filter, out isAcknowledged);
}
