using System.Runtime.InteropServices;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Sessions;

/// <summary>
/// The state of a client (MQTT 5 section 4.1), which may outlive its connections: subscriptions, what it has begun and not ended, what waits for it.
/// Thread safe.
/// </summary>
/// <param name="clientId">Its identifier.</param>
/// <param name="options">The limits.</param>
/// <param name="counters">What happens.</param>
/// <param name="held">What all sessions hold together.</param>
/// <param name="journal">Where it is written if it outlives its connections.</param>
internal sealed class Session(byte[] clientId, BrokerOptions options, BrokerCounters counters, HeldBytes held, BrokerJournal journal)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], Subscription> _subscriptions = new(ByteKeys.Instance);
    private readonly Dictionary<ushort, InFlight> _inFlight = [];
    private readonly Queue<Waiting> _waiting = new(0);
    private readonly HashSet<ushort> _received = [];
    private BrokerConnection? _owner;
    private BrokerConnection? _connection;
    private long _waitingBytes;
    private long _inFlightBytes;
    private long _order;
    private ushort _lastId;

    public byte[] ClientId => clientId;

    /// <summary>Whether messages go out now.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is not null;

    /// <summary>The connection that it belongs to: one that is connected, or about to be.</summary>
    public BrokerConnection? Owner => Volatile.Read(ref _owner);

    /// <summary>Seconds that it is kept without a connection; the largest number: as long as the broker keeps any.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>When it ends, while it has no connection; on the broker's clock, in milliseconds.</summary>
    public long ExpiresAtMs { get; set; } = long.MaxValue;

    /// <summary>What is published when the client does not take its leave.</summary>
    public WillMessage? Will { get; set; }

    /// <summary>When the will is published, while there is no connection.</summary>
    public long WillAtMs { get; set; } = long.MaxValue;

    /// <summary>True once it has ended for good.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Its number in the file; 0: it is not there.</summary>
    public long Number { get; set; }

    /// <summary>When its connection ended, while it has none; on the broker's clock, in milliseconds.</summary>
    public long LeftAtMs { get; set; }

    /// <summary>Whether what waits for it is to be in the file.</summary>
    public bool IsDurable => Number != 0 && IsKept;

    private bool IsKept => ExpirySeconds > 0;

    /// <summary>Gives it to a connection, in the place of the one before. Until that is attached, messages wait.</summary>
    public void Claim(BrokerConnection connection)
    {
        lock (_gate)
        {
            Volatile.Write(ref _owner, connection);
            Volatile.Write(ref _connection, null);
        }
    }

    /// <summary>Begins or goes on: what was in flight is sent again, in its order (section 4.4), and then what waits.</summary>
    /// <returns>False: another connection has taken its place.</returns>
    public bool TryAttach(BrokerConnection connection, FlushList flushes)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_owner, connection))
            {
                return false;
            }

            Volatile.Write(ref _connection, connection);
            foreach (var (id, one) in _inFlight.OrderBy(static pair => pair.Value.Order).ToList())
            {
                if (one.IsPending)
                {
                    // It goes out when the file has it.
                    continue;
                }

                if (one.IsReleased)
                {
                    connection.SendAck(PacketKind.PubRel, id, ReasonCode.Success, flushes);
                }
                else if (one.Message is not { } message || message.HasExpired(connection.NowMs))
                {
                    TryLand(id);
                }
                else
                {
                    var publication = new Publication(message);
                    if (!connection.SendPublish(publication, one.Quality, one.Ids, id, isDuplicate: true, one.IsRetained, flushes))
                    {
                        TryLand(id);
                    }
                }
            }

            SendWaiting(connection, flushes);
            return true;
        }
    }

    /// <summary>The connection is over.</summary>
    /// <returns>False: another connection has taken its place.</returns>
    public bool TryDetach(BrokerConnection connection)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_owner, connection))
            {
                return false;
            }

            Volatile.Write(ref _owner, null);
            Volatile.Write(ref _connection, null);
            return true;
        }
    }

    /// <summary>Adds or replaces a subscription.</summary>
    /// <returns>Null: there are too many. Else whether it is a new one.</returns>
    public bool? TrySubscribe(Subscription subscription)
    {
        lock (_gate)
        {
            var isNew = !_subscriptions.ContainsKey(subscription.Text);
            if (IsOver || (isNew && (_subscriptions.Count >= options.MaxSubscriptionsPerSession || !held.TryTake(subscription.Charge))))
            {
                return null;
            }

            _subscriptions[subscription.Text] = subscription;
            return isNew;
        }
    }

    /// <summary>Those of this moment.</summary>
    public IReadOnlyList<Subscription> Subscriptions()
    {
        lock (_gate)
        {
            return [.. _subscriptions.Values];
        }
    }

    public Subscription? Unsubscribe(ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            if (!_subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(text, out _, out var subscription))
            {
                return null;
            }

            held.Give(subscription.Charge);
            return subscription;
        }
    }

    /// <summary>It takes nothing any more, and gives up what it has.</summary>
    public IReadOnlyList<Subscription> End()
    {
        lock (_gate)
        {
            IsOver = true;
            var all = _subscriptions.Values.ToList();
            held.Give(_waitingBytes + _inFlightBytes + all.Sum(static subscription => subscription.Charge));
            foreach (var entry in _waiting.Select(static one => one.Entry).Concat(_inFlight.Values.Select(static one => one.Entry)))
            {
                entry?.Land();
            }

            (_waitingBytes, _inFlightBytes) = (0, 0);
            _subscriptions.Clear();
            _waiting.Clear();
            _inFlight.Clear();
            return all;
        }
    }

    /// <summary>Sends what waits, where there is room now.</summary>
    public void Continue(FlushList flushes)
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 && _connection is { } connection)
            {
                SendWaiting(connection, flushes);
            }
        }
    }

    /// <summary>Delivers a message: now, or when there is room, or when the client is back.</summary>
    /// <param name="publication">The message.</param>
    /// <param name="quality">How it is delivered.</param>
    /// <param name="isRetained">The flag for this client.</param>
    /// <param name="ids">Of the subscriptions that match.</param>
    /// <param name="flushes">What is to be sent afterwards.</param>
    /// <param name="entry">Its place in the file, if it has one. It is given up here.</param>
    /// <returns>False: it is dropped.</returns>
    public bool Deliver(ref Publication publication, QualityOfService quality, bool isRetained, uint[] ids, FlushList flushes, KeptEntry? entry = null)
    {
        if (quality == QualityOfService.AtMostOnce)
        {
            // Without the session's gate: the order among messages of QoS 0 is that of the outbox.
            return Volatile.Read(ref _connection) is { } now && SendAtMostOnce(now, publication, isRetained, ids, flushes);
        }

        lock (_gate)
        {
            if (IsOver)
            {
                entry?.Land();
                return false;
            }

            var connection = _connection;
            if (connection is null || _waiting.Count > 0 || !HasRoom(connection))
            {
                return TryWait(new Waiting(publication.Store(), quality, isRetained, ids, entry));
            }

            var kept = IsKept ? publication.Store() : null;
            if (kept is not null && !held.TryTake(kept.Charge))
            {
                counters.QueueFull();
                entry?.Land();
                return false;
            }

            Launch(connection, ref publication, new Waiting(kept, quality, isRetained, ids, entry), flushes);
            return true;
        }
    }

    /// <summary>Gives back what had not been delivered, in its order.</summary>
    public void Restore(IReadOnlyList<RestoredEntry> entries)
    {
        lock (_gate)
        {
            foreach (var (entry, packetId, isReleased) in entries)
            {
                var message = entry.Message;
                if (packetId == 0)
                {
                    _waiting.Enqueue(new Waiting(message, entry.Quality, entry.IsRetained, entry.Ids, entry));
                    _waitingBytes += message!.Charge;
                    held.Take(message.Charge);
                    continue;
                }

                if (isReleased)
                {
                    entry.Release();
                    message = null;
                }

                _lastId = packetId;
                _inFlight[packetId] = new InFlight(message, entry.Quality, entry.IsRetained, entry.Ids, _order++, isReleased, entry, IsPending: false);
                _inFlightBytes += message?.Charge ?? 0;
                held.Take(message?.Charge ?? 0);
            }
        }
    }

    /// <summary>PUBACK, PUBREC with an error, or PUBCOMP: the message is delivered. One that is not known is ignored.</summary>
    public void Complete(BrokerConnection connection, ushort id, FlushList flushes)
    {
        lock (_gate)
        {
            if (TryLand(id) && _waiting.Count > 0)
            {
                SendWaiting(connection, flushes);
            }
        }
    }

    /// <summary>PUBREC: the client has the message.</summary>
    /// <returns>Null: there is no such message. False: the file comes first, and then PUBREL goes out. True: it may go out now.</returns>
    public bool? TryRelease(ushort id)
    {
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(id, out var one) || one.Quality != QualityOfService.ExactlyOnce)
            {
                return null;
            }

            if (one.IsReleased)
            {
                return !one.IsPending;
            }

            GiveBack(one);
            one.Entry?.Release();
            _inFlight[id] = one with { Message = null, IsReleased = true, IsPending = one.Entry is not null };
            if (one.Entry is not { } entry)
            {
                return true;
            }

            // Forgotten, it would be sent a second time to a client that has it.
            journal.Enqueue(() => journal.Table.Release(entry), () => Released(id, entry));
            return false;
        }
    }

    /// <summary>A client begins a message of QoS 2.</summary>
    /// <returns>Null: it has begun too many. False: it has sent this one before.</returns>
    public bool? TryReceive(ushort id)
    {
        lock (_gate)
        {
            return _received.Contains(id) ? false : _received.Count >= options.ReceiveMaximum ? null : _received.Add(id);
        }
    }

    /// <summary>A client ends a message of QoS 2; false: it had not begun it.</summary>
    public bool TryForget(ushort id)
    {
        lock (_gate)
        {
            return _received.Remove(id);
        }
    }

    private bool SendAtMostOnce(BrokerConnection connection, in Publication publication, bool isRetained, uint[] ids, FlushList flushes)
    {
        if (connection.Outbox.Bytes > options.MaxUnsentBytes)
        {
            counters.SlowConsumer();
            return false;
        }

        return connection.SendPublish(publication, QualityOfService.AtMostOnce, ids, 0, isDuplicate: false, isRetained, flushes);
    }

    private bool TryWait(in Waiting one)
    {
        if (_waiting.Count >= options.MaxQueuedMessages || _waitingBytes + one.Message!.Charge > options.MaxQueuedBytes || !held.TryTake(one.Message.Charge))
        {
            counters.QueueFull();
            one.Entry?.Land();
            return false;
        }

        _waiting.Enqueue(one);
        _waitingBytes += one.Message.Charge;
        return true;
    }

    private void SendWaiting(BrokerConnection connection, FlushList flushes)
    {
        while (HasRoom(connection) && _waiting.TryDequeue(out var one))
        {
            _waitingBytes -= one.Message!.Charge;
            if (one.Message.HasExpired(connection.NowMs))
            {
                held.Give(one.Message.Charge);
                one.Entry?.Land();
                counters.Expired();
                continue;
            }

            var publication = new Publication(one.Message);
            if (IsKept)
            {
                Launch(connection, ref publication, one, flushes);
            }
            else
            {
                held.Give(one.Message.Charge);
                Launch(connection, ref publication, one with { Message = null }, flushes);
            }
        }
    }

    private void Launch(BrokerConnection connection, ref Publication publication, in Waiting one, FlushList flushes)
    {
        var id = NextId();
        var launched = new InFlight(one.Message, one.Quality, one.IsRetained, one.Ids, _order++, IsReleased: false, one.Entry, IsPending: false);
        if (one is { Entry: { } entry, Quality: QualityOfService.ExactlyOnce })
        {
            // After a power cut the client knows the message by this identifier alone.
            Add(id, launched with { IsPending = true });
            journal.Enqueue(() => journal.Table.Launch(entry, id), () => Launched(id, entry));
            return;
        }

        // [MQTT-3.1.2-25]: what is too large for the client counts as sent.
        if (connection.SendPublish(publication, one.Quality, one.Ids, id, isDuplicate: false, one.IsRetained, flushes))
        {
            Add(id, launched);
        }
        else
        {
            held.Give(launched.Charge);
            one.Entry?.Land();
        }
    }

    /// <summary>The file has a message's identifier: it goes out.</summary>
    private void Launched(ushort id, KeptEntry entry)
    {
        lock (_gate)
        {
            if (!TryEndPending(id, entry, out _) || _connection is not { } connection || entry.Message is not { } message)
            {
                return;
            }

            var publication = new Publication(message);
            if (!connection.SendPublish(publication, entry.Quality, entry.Ids, id, isDuplicate: false, entry.IsRetained, journal.Flushes))
            {
                TryLand(id);
            }
        }
    }

    /// <summary>The file has it that the client has a message.</summary>
    private void Released(ushort id, KeptEntry entry)
    {
        lock (_gate)
        {
            if (TryEndPending(id, entry, out var one) && one.IsReleased)
            {
                _connection?.SendAck(PacketKind.PubRel, id, ReasonCode.Success, journal.Flushes);
            }
        }
    }

    private bool TryEndPending(ushort id, KeptEntry entry, out InFlight one)
    {
        if (!_inFlight.TryGetValue(id, out one) || !ReferenceEquals(one.Entry, entry) || !one.IsPending)
        {
            return false;
        }

        _inFlight[id] = one with { IsPending = false };
        return true;
    }

    private void Add(ushort id, in InFlight launched)
    {
        _inFlight.Add(id, launched);
        _inFlightBytes += launched.Charge;
    }

    /// <summary>Who takes messages and acknowledges none is as bounded as who takes none.</summary>
    private bool HasRoom(BrokerConnection connection) =>
        _inFlight.Count < connection.SendMaximum && _inFlightBytes < options.MaxQueuedBytes && connection.Outbox.Bytes <= options.MaxUnsentBytes;

    private bool TryLand(ushort id)
    {
        if (!_inFlight.Remove(id, out var one))
        {
            return false;
        }

        GiveBack(one);
        one.Entry?.Land();
        return true;
    }

    private void GiveBack(in InFlight one)
    {
        _inFlightBytes -= one.Charge;
        held.Give(one.Charge);
    }

    private ushort NextId()
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_inFlight.ContainsKey(_lastId));

        return _lastId;
    }

    /// <param name="Message">Null of a session that ends with its connection: it is never sent again.</param>
    /// <param name="Entry">Its place in the file, if it has one.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Waiting(StoredMessage? Message, QualityOfService Quality, bool IsRetained, uint[] Ids, KeptEntry? Entry);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct InFlight(StoredMessage? Message, QualityOfService Quality, bool IsRetained, uint[] Ids, long Order, bool IsReleased, KeptEntry? Entry, bool IsPending)
    {
        public int Charge => Message?.Charge ?? 0;
    }
}
