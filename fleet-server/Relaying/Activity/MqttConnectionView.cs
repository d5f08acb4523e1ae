using System.Globalization;
using Messaging.Relay;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>A connection of a user of MQTT.</summary>
/// <param name="Id">To cut it by; until the relay starts anew.</param>
internal sealed record MqttConnectionView(
    string Id,
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
    double SentPerSecond)
{
    public static MqttConnectionView Of(MqttConnection one) => new(
        one.Number.ToString(CultureInfo.InvariantCulture),
        one.User,
        one.ClientId,
        one.Address,
        one.Transport,
        one.Since,
        one.Subscriptions,
        one.WaitingMessages,
        one.InFlightMessages,
        one.WaitingBytes,
        one.Dropped,
        Math.Round(one.ReceivedPerSecond, 3),
        Math.Round(one.SentPerSecond, 3));
}
