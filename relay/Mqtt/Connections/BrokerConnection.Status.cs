using Messaging.Relay.Counters;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Connections;

/// <content>How it is, for operators.</content>
internal sealed partial class BrokerConnection
{
    private readonly ConnectionOrigin? _origin;
    private RecentCount _receivedLately;
    private RecentCount _sentLately;
    private int _publishes;

    /// <summary>Its number in this run of the process.</summary>
    public long Number { get; }

    private string? Address => _origin?.Remote?.ToString();

    /// <summary>Messages a second, both ways, lately.</summary>
    public (double Received, double Sent) Rates()
    {
        var now = _broker.SweptAtMs;
        lock (Outbox.Gate)
        {
            return (_receivedLately.PerSecond(now), _sentLately.PerSecond(now));
        }
    }

    /// <summary>Whether its user, its client id or its address has this text in it.</summary>
    public bool Matches(Session session, string text) =>
        Permissions?.User.Contains(text, StringComparison.OrdinalIgnoreCase) == true
        || ShownClientId(session).Contains(text, StringComparison.OrdinalIgnoreCase)
        || Address?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>All that operators see of it: nothing of its topics, and nothing of its messages.</summary>
    public MqttConnection Describe(Session session)
    {
        var (received, sent) = Rates();
        var load = session.Load();
        var since = _broker.Time.GetUtcNow() - TimeSpan.FromMilliseconds(Math.Max(0, NowMs - AcceptedAtMs));
        return new MqttConnection(
            Number,
            Permissions?.User,
            ShownClientId(session),
            Address,
            (Version switch { MqttVersion.V5 => "mqtt5", MqttVersion.V310 => "mqtt3.1", _ => "mqtt3.1.1" }) + _origin?.Carriers,
            since,
            load.Subscriptions,
            load.Waiting,
            load.InFlight,
            Outbox.Bytes + load.WaitingBytes,
            load.Dropped,
            received,
            sent);
    }

    private static string ShownClientId(Session session) => ShownText.Of(SessionKey.ClientIdOf(session.ClientId));

    /// <summary>The messages of one reception.</summary>
    private void CountReceived()
    {
        if (_publishes > 0)
        {
            lock (Outbox.Gate)
            {
                _receivedLately.Add(_publishes, _broker.SweptAtMs);
            }

            _publishes = 0;
        }
    }
}
