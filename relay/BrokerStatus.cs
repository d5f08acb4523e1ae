using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Users;

namespace Messaging.Relay;

/// <summary>The generic MQTT namespace, for whoever watches over it. Thread safe.</summary>
public sealed class BrokerStatus
{
    private readonly Broker _broker;
    private readonly UserDirectory? _users;

    internal BrokerStatus(Broker broker, UserDirectory? users) => (_broker, _users) = (broker, users);

    /// <summary>Whether the last write to its file failed: the disk is full, or broken.</summary>
    public bool IsFaulty => _broker.Journal.IsFaulty;

    /// <summary>Users that may come; 0 also where nobody asks who it is.</summary>
    public int Users => _users?.Current?.Count ?? 0;

    /// <summary>Connections that are open.</summary>
    public int Connections => _broker.ConnectionCount;

    /// <summary>Connections that may be open.</summary>
    public int MaxConnections => _broker.Options.MaxConnections;

    /// <summary>Sessions, with a connection or without.</summary>
    public int Sessions => _broker.SessionCount;

    /// <summary>Sessions that are kept for clients that are away.</summary>
    public int KeptSessions => _broker.KeptSessionCount;

    /// <summary>Retained messages.</summary>
    public int Retained => _broker.RetainedCount;

    /// <summary>Bytes that wait for sessions, are in flight to them, and of their subscriptions.</summary>
    public long HeldBytes => _broker.Held.Total;

    /// <summary>Bytes that may be held.</summary>
    public long MaxHeldBytes => _broker.Options.MaxHeldBytes;

    /// <summary>Messages a second, of the last 30 to 60 seconds, of all connections that are open: published, and sent to subscribers.</summary>
    public (double Received, double Sent) Rates
    {
        get
        {
            var (received, sent) = (0d, 0d);
            foreach (var connection in _broker.Connections)
            {
                var one = connection.Rates();
                (received, sent) = (received + one.Received, sent + one.Sent);
            }

            return (received, sent);
        }
    }

    /// <summary>What was dropped, refused or cut since the start, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counters
    {
        get
        {
            var counters = _broker.Counters;
            return
            [
                KeyValuePair.Create("droppedSlowConsumer", counters.DroppedForSlowConsumers),
                KeyValuePair.Create("droppedQueueFull", counters.DroppedForFullQueues),
                KeyValuePair.Create("droppedNotAllowed", counters.DroppedForPermissions),
                KeyValuePair.Create("expired", counters.ExpiredMessages),
                KeyValuePair.Create("tooLarge", counters.TooLargeForSubscriber),
                KeyValuePair.Create("protocolBroken", counters.BrokenProtocol),
                KeyValuePair.Create("connectionRefused", counters.RefusedConnections),
                KeyValuePair.Create("publishRefused", counters.PublishesRefused),
                KeyValuePair.Create("subscriptionRefused", counters.SubscriptionsRefused),
                KeyValuePair.Create("notStored", counters.NotStoredOnDisk),
            ];
        }
    }

    /// <summary>A part of the connections that have a session.</summary>
    /// <param name="order">Which come first.</param>
    /// <param name="text">Only those with this in their user, client id or address; empty: all.</param>
    /// <param name="skip">How many are left out at the beginning.</param>
    /// <param name="take">How many are given at most.</param>
    public StatusPage<MqttConnection> List(MqttConnectionOrder order, string text, int skip, int take)
    {
        ArgumentNullException.ThrowIfNull(text);
        var all = new List<(BrokerConnection Connection, Session Session, double Weight)>();
        foreach (var connection in _broker.Connections)
        {
            if (connection.Session is { } session && !connection.IsClosing && (text.Length == 0 || connection.Matches(session, text)))
            {
                all.Add((connection, session, Weigh(order, connection, session)));
            }
        }

        return new StatusPage<MqttConnection>(
            [
                .. all.OrderByDescending(static one => one.Weight).ThenByDescending(static one => one.Connection.Number).Skip(skip).Take(take)
                    .Select(static one => one.Connection.Describe(one.Session)),
            ],
            all.Count);
    }

    /// <summary>Ends a connection; the client may come again at once.</summary>
    /// <returns>What it was; null: there is none of this number.</returns>
    public MqttConnection? Cut(long number) => _broker.Cut(number);

    private static double Weigh(MqttConnectionOrder order, BrokerConnection connection, Session session) => order switch
    {
        MqttConnectionOrder.Waiting => connection.Outbox.Bytes + session.Load().WaitingBytes,
        MqttConnectionOrder.Rate => connection.Rates() is var (received, sent) ? received + sent : 0,
        MqttConnectionOrder.Dropped => session.Load().Dropped,
        _ => 0,
    };
}
