using System.Diagnostics.Metrics;
using Messaging.Relay.Legacy;
using Messaging.Relay.Legacy.Sessions;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Metrics;

/// <summary>Agents of the legacy profile. What goes wrong over UDP is told here and to nobody else.</summary>
internal sealed class LegacyMetrics(IMeterFactory meters, LegacySessions sessions, LegacyCounters counters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(RelayMeter.Name);
        meter.CreateObservableUpDownCounter("messaging.relay.legacy.sessions", () => (long)sessions.Count, "{session}", "Agents of the legacy profile that are connected.");
        meter.CreateObservableCounter(
            "messaging.relay.legacy.events",
            () => (Measurement<long>[])
            [
                Of(counters.SessionsExpired, "session_expired"), Of(counters.MalformedDatagrams, "datagram_malformed"), Of(counters.UnknownSenders, "datagram_of_no_session"),
                Of(counters.DroppedDatagrams, "datagram_dropped"), Of(counters.FailedPushes, "push_failed"), Of(counters.WithheldAnswers, "answer_withheld"),
                Of(counters.OversizedEvents, "event_left_out"),
            ],
            "{event}", "What happened in the legacy profile.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, string text) => new(value, KeyValuePair.Create<string, object?>("event", text));
}
