using System.Diagnostics.Metrics;
using System.Text.Json;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Messaging.Relay.Principals;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Metrics;

/// <summary>The fleet's namespace, measured when somebody asks: the counters are there anyway.</summary>
internal sealed class FleetMetrics(IMeterFactory meters, RelayCounters counters, ConnectionGate gate, PrincipalDirectory directory) : IHostedService
{
    private static readonly (RelayCounter Counter, string Event)[] Events =
    [
        .. Enum.GetValues<RelayCounter>()
            .Where(static counter => counter is not (RelayCounter.MessagesUp or RelayCounter.MessagesDown or RelayCounter.BytesUp or RelayCounter.BytesDown))
            .Select(static counter => (counter, JsonNamingPolicy.SnakeCaseLower.ConvertName(counter.ToString()))),
    ];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(RelayMeter.Name);
        meter.CreateObservableUpDownCounter(
            "messaging.relay.connections",
            () => (Measurement<long>[])[Of(gate.Devices, "state", "device"), Of(gate.Unauthenticated, "state", "unauthenticated")],
            "{connection}", "Connections that are open.");
        meter.CreateObservableUpDownCounter("messaging.relay.principals", () => (long)directory.Count, "{principal}", "Devices that control has told of.");
        meter.CreateObservableCounter(
            "messaging.relay.messages",
            () => (Measurement<long>[])[Of(counters[RelayCounter.MessagesUp], "direction", "up"), Of(counters[RelayCounter.MessagesDown], "direction", "down")],
            "{message}", "Messages passed on: from devices, and to each recipient.");
        meter.CreateObservableCounter(
            "messaging.relay.io",
            () => (Measurement<long>[])[Of(counters[RelayCounter.BytesUp], "direction", "up"), Of(counters[RelayCounter.BytesDown], "direction", "down")],
            "By", "Bytes of messages passed on.");
        meter.CreateObservableCounter(
            "messaging.relay.events", () => Events.Select(one => Of(counters[one.Counter], "event", one.Event)),
            "{event}", "What happened, and what was refused, dropped or cut, and why.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, string name, string text) => new(value, KeyValuePair.Create<string, object?>(name, text));
}
