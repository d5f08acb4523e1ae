using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt;

/// <summary>The generic MQTT namespace: sessions, subscriptions, retained messages and wills, of all connections. Thread safe.</summary>
internal sealed partial class Broker : IBrokerState
{
    private readonly ConcurrentDictionary<BrokerConnection, byte> _connections = new();
    private readonly Dictionary<byte[], Session> _sessions = new(ByteKeys.Instance);
    private readonly Lock _gate = new();
    private readonly RetainedMessages _retained;
    private readonly BrokerJournal _journal;
    private readonly long _startedAt;
    private int _connectionCount;

    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="journal">Where sessions and retained messages are kept, which are read here.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file is damaged, or the disk failed.</exception>
    /// <exception cref="InvalidDataException">The file holds what was never written.</exception>
    public Broker(BrokerOptions options, TimeProvider time, BrokerJournal journal)
    {
        (Options, Time, _journal, _startedAt) = (options, time, journal, time.GetTimestamp());
        _retained = new RetainedMessages(options.MaxRetainedMessages, options.MaxRetainedBytes);
        Held = new HeldBytes(options.MaxHeldBytes);
        journal.Restore(this);
    }

    public BrokerOptions Options { get; }

    public BrokerCounters Counters { get; } = new();

    /// <summary>What its sessions hold.</summary>
    public HeldBytes Held { get; }

    public TimeProvider Time { get; }

    public TopicTree Topics { get; } = new();

    /// <summary>Milliseconds since the start.</summary>
    public long NowMs => (long)Time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="channel">Its bytes.</param>
    /// <param name="permissions">What its user may; null: nobody asked who it is, and everything is allowed.</param>
    /// <param name="origin">Whence it comes, if somebody is to see it.</param>
    public async Task RunAsync(IByteChannel channel, Permissions? permissions = null, ConnectionOrigin? origin = null)
    {
        if (Interlocked.Increment(ref _connectionCount) > Options.MaxConnections)
        {
            Interlocked.Decrement(ref _connectionCount);
            Counters.Refused();
            channel.Dispose();
            return;
        }

        var connection = new BrokerConnection(this, channel, permissions, Interlocked.Increment(ref _lastNumber), origin);
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
            isPresent = known is { ExpirySeconds: > 0 } && !packet.IsCleanStart;
            if (!isPresent && known is null && _sessions.Count >= Options.MaxSessions)
            {
                return (ReasonCode.QuotaExceeded, null, false);
            }

            ended = isPresent ? null : known;
            session = isPresent ? known! : new Session(id, Options, Counters, Held, _journal);
            _sessions[id] = session;
            session.Claim(connection);
            session.ExpirySeconds = Math.Min(packet.SessionExpirySeconds, Options.MaxSessionExpirySeconds);
            (session.ExpiresAtMs, session.WillAtMs) = (long.MaxValue, long.MaxValue);
            if (session.ExpirySeconds > 0 || session.Number != 0)
            {
                session.Number = session.Number == 0 ? _journal.NewSession() : session.Number;
                _journal.Save(session);
            }
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
            (session.LeftAtMs, session.ExpiresAtMs) = (now, now + (session.ExpirySeconds * 1000L));
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
            else if (session.Number != 0)
            {
                _journal.Save(session);
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
            PublishWrite? write = null;
            var publication = new Publication(message);
            var quality = Lower(message.Quality, subscription.Options.Quality);
            var entry = Keep(subscription.Session, ref publication, quality, isRetained: true, subscription.Ids, ref write);
            subscription.Session.Deliver(ref publication, quality, isRetained: true, subscription.Ids, flushes, entry);
            if (write is not null)
            {
                _journal.Enqueue(write);
            }
        }
    }

    /// <summary>Ends all connections, each with a word.</summary>
    public void CloseAll(ReasonCode reason)
    {
        foreach (var (connection, _) in _connections)
        {
            connection.Close(reason);
        }
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
        Publish(session, Topics.Match(will.Topic), ref publication, flushes, out var write);
        if (write is not null)
        {
            _journal.Enqueue(write);
        }
    }

    /// <summary>Its will is published if it still waits, and its subscriptions end.</summary>
    private void End(Session session, FlushList flushes)
    {
        foreach (var subscription in session.End())
        {
            Topics.Remove(subscription);
        }

        if (session.Number != 0)
        {
            _journal.End(session);
        }

        if (session.Will is { } will)
        {
            session.Will = null;
            PublishWill(session, will, flushes);
        }
    }
}
