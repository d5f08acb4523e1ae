using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt;

/// <summary>The generic MQTT namespace: sessions, subscriptions, retained messages and wills, of all connections. Thread safe.</summary>
internal sealed partial class Broker
{
    private readonly ConcurrentDictionary<BrokerConnection, byte> _connections = new();
    private readonly Dictionary<byte[], Session> _sessions = new(ByteKeys.Instance);
    private readonly Lock _gate = new();
    private readonly RetainedMessages _retained;
    private readonly long _startedAt;
    private int _connectionCount;

    public Broker(BrokerOptions options, TimeProvider time)
    {
        (Options, Time, _startedAt) = (options, time, time.GetTimestamp());
        _retained = new RetainedMessages(options.MaxRetainedMessages, options.MaxRetainedBytes);
        Held = new HeldBytes(options.MaxHeldBytes);
    }

    public BrokerOptions Options { get; }

    public BrokerCounters Counters { get; } = new();

    /// <summary>What its sessions hold.</summary>
    public HeldBytes Held { get; }

    public TimeProvider Time { get; }

    public TopicTree Topics { get; } = new();

    /// <summary>Milliseconds since the start.</summary>
    public long NowMs => (long)Time.GetElapsedTime(_startedAt).TotalMilliseconds;

    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    public int RetainedCount => _retained.Count;

    public int SessionCount
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="channel">Its bytes.</param>
    /// <param name="permissions">What its user may; null: nobody asked who it is, and everything is allowed.</param>
    public async Task RunAsync(IByteChannel channel, Permissions? permissions = null)
    {
        if (Interlocked.Increment(ref _connectionCount) > Options.MaxConnections)
        {
            Interlocked.Decrement(ref _connectionCount);
            Counters.Refused();
            channel.Dispose();
            return;
        }

        var connection = new BrokerConnection(this, channel, permissions);
        _connections.TryAdd(connection, 0);
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            Interlocked.Decrement(ref _connectionCount);
            channel.Dispose();
        }
    }

    /// <summary>Finds or makes the session of a client (MQTT 5 section 3.1.4), and ends the connection that it had.</summary>
    public (ReasonCode Reason, Session? Session, bool IsPresent) Connect(BrokerConnection connection, ConnectPacket packet, FlushList flushes)
    {
        if (packet.AuthenticationMethod is not null)
        {
            return (ReasonCode.BadAuthenticationMethod, null, false);
        }

        // [MQTT-3.1.3-8] of MQTT 3.1.1: such a client could never come back to its session.
        if (packet.ClientId.Length == 0 && !packet.IsCleanStart && packet.Version != MqttVersion.V5)
        {
            return (ReasonCode.ClientIdentifierNotValid, null, false);
        }

        var id = packet.ClientId.Length == 0 ? Encoding.ASCII.GetBytes("auto-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))) : packet.ClientId;
        id = connection.Permissions is { } user ? SessionKey.Of(user.User, id) : id;
        Session? ended = null;
        BrokerConnection? former = null;
        Session session;
        bool isPresent;
        lock (_gate)
        {
            _sessions.TryGetValue(id, out var known);
            former = known?.Owner;
            isPresent = known is not null && !packet.IsCleanStart && (known.ExpirySeconds > 0 || former is not null);
            if (!isPresent && known is null && _sessions.Count >= Options.MaxSessions)
            {
                return (ReasonCode.QuotaExceeded, null, false);
            }

            ended = isPresent ? null : known;
            session = isPresent ? known! : new Session(id, Options, Counters, Held);
            _sessions[id] = session;
            session.Claim(connection);
            session.ExpirySeconds = Math.Min(packet.SessionExpirySeconds, Options.MaxSessionExpirySeconds);
            (session.ExpiresAtMs, session.WillAtMs) = (long.MaxValue, long.MaxValue);
        }

        // Of a session that goes on a will that waits is not published; one without a delay is ([MQTT-3.1.3-9]).
        if (ended is not null)
        {
            End(ended, flushes);
        }
        else if (former is not null && session.Will is { DelaySeconds: 0 } will)
        {
            PublishWill(session, will, flushes);
        }

        session.Will = packet.Will;
        former?.Close(ReasonCode.SessionTakenOver);
        return (ReasonCode.Success, session, isPresent);
    }

    /// <summary>A connection is over.</summary>
    public void Ended(BrokerConnection connection, FlushList flushes)
    {
        if (connection.Session is not { } session || !session.TryDetach(connection))
        {
            return;
        }

        WillMessage? will = null;
        var isOver = false;
        lock (_gate)
        {
            if (session.Owner is not null || !_sessions.TryGetValue(session.ClientId, out var current) || !ReferenceEquals(current, session))
            {
                return;
            }

            var now = NowMs;
            isOver = session.ExpirySeconds == 0;
            session.ExpiresAtMs = now + (session.ExpirySeconds * 1000L);
            if (!connection.LeavesWill)
            {
                session.Will = null;
            }
            else if (isOver || session.Will is { DelaySeconds: 0 })
            {
                (will, session.Will) = (session.Will, null);
            }
            else if (session.Will is { } later)
            {
                session.WillAtMs = now + (later.DelaySeconds * 1000L);
            }

            if (isOver)
            {
                _sessions.Remove(session.ClientId);
            }
        }

        if (will is not null)
        {
            PublishWill(session, will, flushes);
        }

        if (isOver)
        {
            End(session, flushes);
        }
    }

    /// <summary>Passes a message on to all who have subscribed it, and keeps it if it is to be retained.</summary>
    public ReasonCode Publish(Session? from, Route route, ref Publication publication, FlushList flushes)
    {
        // What begins so is the server's own (section 4.7.2).
        if (publication.Topic.StartsWith("$"u8))
        {
            return ReasonCode.NotAuthorized;
        }

        if (publication.IsRetained && !TryRetain(ref publication))
        {
            return ReasonCode.QuotaExceeded;
        }

        var isHeard = false;
        foreach (ref readonly var target in route.Targets.AsSpan())
        {
            if (target.NoLocal && ReferenceEquals(target.Session, from))
            {
                continue;
            }

            isHeard = true;
            target.Session.Deliver(ref publication, Lower(publication.Quality, target.Quality), target.RetainAsPublished && publication.IsRetained, target.Ids, flushes);
        }

        foreach (var shared in route.Shared)
        {
            if (shared.Choose() is { } member)
            {
                isHeard = true;
                member.Session.Deliver(
                    ref publication, Lower(publication.Quality, member.Options.Quality), member.Options.RetainAsPublished && publication.IsRetained, member.Ids, flushes);
            }
        }

        return isHeard ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers;
    }

    /// <summary>Adds or replaces a subscription.</summary>
    /// <returns>Null: the session has too many, or is over. Else whether it is a new one.</returns>
    public bool? Subscribe(Subscription subscription)
    {
        var isNew = subscription.Session.TrySubscribe(subscription);
        if (isNew is not null)
        {
            Topics.Add(subscription);
            if (subscription.Session.IsOver)
            {
                Topics.Remove(subscription);
            }
        }

        return isNew;
    }

    public bool Unsubscribe(Session session, ReadOnlySpan<byte> text)
    {
        if (session.Unsubscribe(text) is not { } subscription)
        {
            return false;
        }

        Topics.Remove(subscription);
        return true;
    }

    /// <summary>What is retained for a subscription (section 3.3.1.3).</summary>
    public void SendRetained(Subscription subscription, bool isNew, FlushList flushes)
    {
        if (subscription.Group.Length > 0 || subscription.Options.RetainHandling == 2 || (subscription.Options.RetainHandling == 1 && !isNew))
        {
            return;
        }

        foreach (var message in _retained.Match(subscription.Filter, NowMs))
        {
            var publication = new Publication(message);
            subscription.Session.Deliver(ref publication, Lower(message.Quality, subscription.Options.Quality), isRetained: true, subscription.Ids, flushes);
        }
    }

    private static QualityOfService Lower(QualityOfService left, QualityOfService right) => left < right ? left : right;

    private bool TryRetain(ref Publication publication)
    {
        if (!publication.Payload.IsEmpty)
        {
            return _retained.TryKeep(publication.Store());
        }

        _retained.Forget(publication.Topic);
        return true;
    }

    private void PublishWill(Session session, WillMessage will, FlushList flushes)
    {
        var publication = new Publication
        {
            Topic = will.Topic,
            Payload = will.Payload,
            Properties = will.Properties,
            Quality = will.Quality,
            IsRetained = will.IsRetained,
            ExpiresAtMs = will.ExpirySeconds is { } seconds ? NowMs + (seconds * 1000L) : long.MaxValue,
        };
        Publish(session, Topics.Match(will.Topic), ref publication, flushes);
    }

    /// <summary>Its will is published if it still waits, and its subscriptions end.</summary>
    private void End(Session session, FlushList flushes)
    {
        foreach (var subscription in session.End())
        {
            Topics.Remove(subscription);
        }

        if (session.Will is { } will)
        {
            session.Will = null;
            PublishWill(session, will, flushes);
        }
    }
}
