namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>MQTT beside the fleet.</summary>
/// <param name="Users">Users that may come.</param>
/// <param name="KeptSessions">Of the sessions, those whose client is away.</param>
/// <param name="HeldBytes">What waits for sessions, is in flight to them, and their subscriptions.</param>
/// <param name="ReceivedPerSecond">Messages that users publish, of the last 30 to 60 seconds.</param>
/// <param name="SentPerSecond">Messages that are sent to them, of the last 30 to 60 seconds.</param>
/// <param name="IsFaulty">Nothing can be stored: the disk is full, or failed.</param>
internal sealed record MqttActivityView(
    int Users,
    int Connections,
    int MaxConnections,
    int Sessions,
    int KeptSessions,
    int Retained,
    long HeldBytes,
    long MaxHeldBytes,
    double ReceivedPerSecond,
    double SentPerSecond,
    bool IsFaulty,
    CountersView Counters);
