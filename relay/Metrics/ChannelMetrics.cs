using System.Diagnostics.Metrics;
using Messaging.Relay.Channels;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Metrics;

/// <summary>Channels and their file.</summary>
internal sealed class ChannelMetrics(IMeterFactory meters, ChannelRegistry registry) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (meter, counters, store) = (meters.Create(RelayMeter.Name), registry.Counters, registry.Store);
        meter.CreateObservableUpDownCounter("messaging.relay.channels", () => (long)registry.Count, "{channel}", "Channels that are kept.");
        meter.CreateObservableUpDownCounter("messaging.relay.channels.size", () => registry.Bytes, "By", "Bytes of all records that are kept.");
        meter.CreateObservableUpDownCounter(
            "messaging.relay.channels.followers", () => registry.All.Sum(static channel => (long)channel.ListenerCount), "{follower}", "Connections and requests that follow a channel.");
        meter.CreateObservableCounter("messaging.relay.channels.records", () => counters.RecordsAppended, "{record}", "Records that were appended, and are on the disk.");
        meter.CreateObservableCounter("messaging.relay.channels.io", () => counters.BytesAppended, "By", "Bytes of records that were appended.");
        meter.CreateObservableCounter(
            "messaging.relay.channels.events",
            () => (Measurement<long>[])
            [
                Of(counters.ChannelsCreated, "created"), Of(counters.ChannelsRemoved, "removed"),
                Of(counters.AppendsRefused, "append_refused"), Of(counters.AccessDenied, "access_denied"),
            ],
            "{event}", "What happened to channels.");
        meter.CreateObservableCounter("messaging.relay.store.commits", () => store.Commits, "{commit}", "Transactions that are on the disk.");
        meter.CreateObservableGauge("messaging.relay.store.faulty", () => store.IsFaulty ? 1L : 0L, "1", "1 while the disk takes nothing: it is full, or failed.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, string text) => new(value, KeyValuePair.Create<string, object?>("event", text));
}
