using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>Puts together what there is to be said of the relay.</summary>
internal sealed class RelayActivity(RelaySections sections, RelayRates rates, IDeviceRegistry devices, TimeProvider time)
{
    public RelayActivityView Read()
    {
        var (counters, recent) = rates.Read();
        return new RelayActivityView(
            time.GetUtcNow(),
            Math.Round(recent.TotalSeconds, 1),
            sections.IsElsewhere ? new ElsewhereView(sections.Link.Address, ElsewhereView.MetricsAdvice) : null,
            OfFleet(counters[RelaySections.Fleet]),
            OfMqtt(counters.GetValueOrDefault(RelaySections.OfMqtt)),
            OfChannels(counters.GetValueOrDefault(RelaySections.OfChannels)),
            sections.Legacy is { } legacy ? new LegacyActivityView(legacy.Sessions, counters[RelaySections.OfLegacy]) : null);
    }

    private FleetActivityView OfFleet(CountersView counters)
    {
        var link = sections.Link;
        return new FleetActivityView(
            link.State.ToString().ToLowerInvariant(),
            link.LastError,
            link.ConnectedDevices,
            sections.Level("unauthenticated"),
            sections.Level("principals"),
            Transports(),
            counters);
    }

    private Dictionary<string, int> Transports() => devices.List()
        .Where(static device => device.Connected)
        .GroupBy(static device => device.Transport ?? "unknown", StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);

    private MqttActivityView? OfMqtt(CountersView? counters)
    {
        if (sections.Mqtt is not { } mqtt || counters is null)
        {
            return null;
        }

        var (received, sent) = mqtt.Rates;
        return new MqttActivityView(
            mqtt.Users,
            mqtt.Connections,
            mqtt.MaxConnections,
            mqtt.Sessions,
            mqtt.KeptSessions,
            mqtt.Retained,
            mqtt.HeldBytes,
            mqtt.MaxHeldBytes,
            Math.Round(received, 3),
            Math.Round(sent, 3),
            mqtt.IsFaulty,
            counters);
    }

    private ChannelsActivityView? OfChannels(CountersView? counters) => sections.Channels is { } channels && counters is not null
        ? new ChannelsActivityView(
            channels.Count, channels.MaxCount, channels.Bytes, channels.MaxBytes, channels.Followers, channels.MqttConnections, channels.IsFaulty, counters)
        : null;
}
