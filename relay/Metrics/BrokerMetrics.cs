using System.Diagnostics.Metrics;
using Messaging.Relay.Mqtt;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Metrics;

/// <summary>The generic MQTT namespace.</summary>
internal sealed class BrokerMetrics(IMeterFactory meters, Broker broker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (meter, counters) = (meters.Create(RelayMeter.Name), broker.Counters);
        meter.CreateObservableUpDownCounter("messaging.relay.mqtt.connections", () => (long)broker.ConnectionCount, "{connection}", "Connections of users that are open.");
        meter.CreateObservableUpDownCounter("messaging.relay.mqtt.sessions", () => (long)broker.SessionCount, "{session}", "Sessions of users, connected or kept.");
        meter.CreateObservableUpDownCounter("messaging.relay.mqtt.retained", () => (long)broker.RetainedCount, "{message}", "Retained messages of users.");
        meter.CreateObservableUpDownCounter("messaging.relay.mqtt.held", () => broker.Held.Total, "By", "Bytes that wait for sessions, are in flight to them, and of their subscriptions.");
        meter.CreateObservableCounter(
            "messaging.relay.mqtt.events",
            () => (Measurement<long>[])
            [
                Of(counters.DroppedForSlowConsumers, "dropped_slow_consumer"), Of(counters.DroppedForFullQueues, "dropped_queue_full"), Of(counters.DroppedForPermissions, "dropped_not_allowed"), Of(counters.ExpiredMessages, "expired"),
                Of(counters.TooLargeForSubscriber, "too_large"), Of(counters.BrokenProtocol, "protocol_broken"), Of(counters.RefusedConnections, "connection_refused"),
                Of(counters.PublishesRefused, "publish_refused"), Of(counters.SubscriptionsRefused, "subscription_refused"), Of(counters.NotStoredOnDisk, "not_stored"),
            ],
            "{event}", "What was dropped, refused or cut, and why.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, string text) => new(value, KeyValuePair.Create<string, object?>("event", text));
}
