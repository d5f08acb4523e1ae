namespace Messaging.Relay.Mqtt.Topics;

/// <summary>The members of a shared subscription (MQTT 5 section 4.8.2), of which each message goes to one.</summary>
/// <param name="name">The name of the group.</param>
internal sealed class SharedSubscription(byte[] name)
{
    private Subscription[] _members = [];
    private uint _next;

    public byte[] Name => name;

    public bool IsEmpty => _members.Length == 0;

    /// <summary>Adds or replaces the subscription of a session. Callers take turns.</summary>
    public void Add(Subscription subscription)
    {
        var at = IndexOf(subscription);
        if (at < 0)
        {
            _members = [.. _members, subscription];
        }
        else
        {
            var members = (Subscription[])_members.Clone();
            members[at] = subscription;
            _members = members;
        }
    }

    /// <summary>Callers take turns.</summary>
    public void Remove(Subscription subscription)
    {
        if (IndexOf(subscription) is >= 0 and var at)
        {
            _members = [.. _members.AsSpan(0, at), .. _members.AsSpan(at + 1)];
        }
    }

    /// <summary>The member whose turn it is: of those that are connected, or if nobody is, of all. Thread safe.</summary>
    public Subscription? Choose()
    {
        var members = Volatile.Read(ref _members);
        if (members.Length == 0)
        {
            return null;
        }

        var first = Interlocked.Increment(ref _next);
        for (var step = 0U; step < (uint)members.Length; step++)
        {
            var one = members[(first + step) % (uint)members.Length];
            if (one.Session.IsConnected)
            {
                return one;
            }
        }

        return members[first % (uint)members.Length];
    }

    private int IndexOf(Subscription subscription) => Array.FindIndex(_members, one => ReferenceEquals(one.Session, subscription.Session));
}
