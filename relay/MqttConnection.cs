namespace Messaging.Relay;

/// <summary>A connection of a user of the generic MQTT namespace, as operators see it: nothing of its topics and of its messages.</summary>
/// <param name="Number">Its number in this run of the process.</param>
/// <param name="User">Who it is; null where nobody asks.</param>
/// <param name="ClientId">What the client calls itself, as it may be shown.</param>
/// <param name="Address">Where it comes from; null when it is not known.</param>
/// <param name="Transport">Version and carriers, as devices have them: "mqtt5+tls", "mqtt3.1.1+tls+ws".</param>
/// <param name="Since">When it was accepted.</param>
/// <param name="Subscriptions">How many it has.</param>
/// <param name="WaitingMessages">Messages of QoS 1 and 2 that wait until it takes more.</param>
/// <param name="InFlightMessages">Messages of QoS 1 and 2 that it has not acknowledged yet.</param>
/// <param name="WaitingBytes">Bytes that wait to be sent, and of the messages that wait.</param>
/// <param name="Dropped">Messages that its session did not get: dropped for a slow or full queue, expired, or not allowed any more.</param>
/// <param name="ReceivedPerSecond">Messages that it publishes, of the last 30 to 60 seconds.</param>
/// <param name="SentPerSecond">Messages that are sent to it, of the last 30 to 60 seconds.</param>
public sealed record MqttConnection(
    long Number,
    string? User,
    string ClientId,
    string? Address,
    string Transport,
    DateTimeOffset Since,
    int Subscriptions,
    int WaitingMessages,
    int InFlightMessages,
    long WaitingBytes,
    long Dropped,
    double ReceivedPerSecond,
    double SentPerSecond);
