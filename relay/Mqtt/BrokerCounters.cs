namespace Messaging.Relay.Mqtt;

/// <summary>What happens in the generic namespace, counted since the start. Thread safe.</summary>
internal sealed class BrokerCounters
{
    private long _slowConsumers;
    private long _queueFull;
    private long _expired;
    private long _malformed;
    private long _refused;
    private long _tooLarge;
    private long _publishesRefused;
    private long _subscriptionsRefused;
    private long _notStored;
    private long _notAllowed;

    /// <summary>Messages of QoS 0 that were dropped since their subscriber did not take them.</summary>
    public long DroppedForSlowConsumers => Volatile.Read(ref _slowConsumers);

    /// <summary>Messages of QoS 1 and 2 that were dropped since too many waited for their subscriber.</summary>
    public long DroppedForFullQueues => Volatile.Read(ref _queueFull);

    /// <summary>Messages that expired while they waited.</summary>
    public long ExpiredMessages => Volatile.Read(ref _expired);

    /// <summary>Connections that were ended since what they sent is not MQTT.</summary>
    public long BrokenProtocol => Volatile.Read(ref _malformed);

    /// <summary>Connections that were not taken.</summary>
    public long RefusedConnections => Volatile.Read(ref _refused);

    /// <summary>Messages that were larger than their subscriber takes.</summary>
    public long TooLargeForSubscriber => Volatile.Read(ref _tooLarge);

    /// <summary>Messages to topics that their user may not publish to.</summary>
    public long PublishesRefused => Volatile.Read(ref _publishesRefused);

    /// <summary>Subscriptions that their user may not have, or may not have any more.</summary>
    public long SubscriptionsRefused => Volatile.Read(ref _subscriptionsRefused);

    /// <summary>Messages that waited for a user who may not have them any more.</summary>
    public long DroppedForPermissions => Volatile.Read(ref _notAllowed);

    /// <summary>Messages and subscriptions that were refused since the disk took nothing.</summary>
    public long NotStoredOnDisk => Volatile.Read(ref _notStored);

    public void NotAllowed() => Interlocked.Increment(ref _notAllowed);

    public void NotStored() => Interlocked.Increment(ref _notStored);

    public void SlowConsumer() => Interlocked.Increment(ref _slowConsumers);

    public void QueueFull() => Interlocked.Increment(ref _queueFull);

    public void Expired() => Interlocked.Increment(ref _expired);

    public void Malformed() => Interlocked.Increment(ref _malformed);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void TooLarge() => Interlocked.Increment(ref _tooLarge);

    public void PublishRefused() => Interlocked.Increment(ref _publishesRefused);

    public void SubscriptionRefused() => Interlocked.Increment(ref _subscriptionsRefused);
}
