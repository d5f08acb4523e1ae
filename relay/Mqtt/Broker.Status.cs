using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt;

/// <content>How it is, for operators.</content>
internal sealed partial class Broker
{
    private long _lastNumber;
    private long _sweptAtMs;

    /// <summary>When it swept last, on the broker's clock: the time to the second, for what asks often.</summary>
    public long SweptAtMs => Volatile.Read(ref _sweptAtMs);

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

    /// <summary>Those of this moment, whether their CONNECT has come or not.</summary>
    public IEnumerable<BrokerConnection> Connections => _connections.Select(static pair => pair.Key);

    /// <summary>Sessions without a connection.</summary>
    public int KeptSessionCount
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Values.Count(static session => session.Owner is null);
            }
        }
    }

    /// <summary>Ends a connection; its will is published, and its session is kept as the client wished.</summary>
    /// <returns>What it was; null: there is none of this number.</returns>
    public MqttConnection? Cut(long number)
    {
        if (Connections.FirstOrDefault(one => one.Number == number) is not { Session: { } session } connection)
        {
            return null;
        }

        var cut = connection.Describe(session);
        connection.Close(ReasonCode.AdministrativeAction);
        return cut;
    }
}
