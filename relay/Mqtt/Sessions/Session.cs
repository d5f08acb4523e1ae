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
internal sealed partial class Session(byte[] clientId, BrokerOptions options, BrokerCounters counters, HeldBytes held, BrokerJournal journal)
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
    private long _dropped;

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

    /// <summary>What it has to bear, at this moment.</summary>
    public SessionLoad Load()
    {
        lock (_gate)
        {
            return new SessionLoad(_subscriptions.Count, _waiting.Count, _waitingBytes, _inFlight.Count, Interlocked.Read(ref _dropped));
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

}
