using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Mqtt;

namespace Messaging.Relay;

/// <summary>The relay's channels as their host sees them. Thread safe.</summary>
public sealed class ChannelStatus
{
    private readonly ChannelRegistry _registry;
    private readonly MqttChannels _mqtt;

    internal ChannelStatus(ChannelRegistry registry, MqttChannels mqtt) => (_registry, _mqtt) = (registry, mqtt);

    /// <summary>Whether the disk takes nothing at present: it is full, or failed.</summary>
    public bool IsFaulty => _registry.Store.IsFaulty;

    /// <summary>Channels that are kept.</summary>
    public int Count => _registry.Count;

    /// <summary>Channels that may be kept.</summary>
    public int MaxCount => _registry.Options.MaxChannels;

    /// <summary>Bytes of all records that are kept.</summary>
    public long Bytes => _registry.Bytes;

    /// <summary>Bytes that may be kept.</summary>
    public long MaxBytes => _registry.Options.MaxBytes;

    /// <summary>Connections and requests that follow a channel.</summary>
    public long Followers => _registry.All.Sum(static channel => (long)channel.ListenerCount);

    /// <summary>Connections that have a channel open over MQTT.</summary>
    public int MqttConnections => _mqtt.Count;

    /// <summary>What happened since the start, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counters
    {
        get
        {
            var counters = _registry.Counters;
            return
            [
                KeyValuePair.Create("records", counters.RecordsAppended),
                KeyValuePair.Create("bytes", counters.BytesAppended),
                KeyValuePair.Create("commits", _registry.Store.Commits),
                KeyValuePair.Create("created", counters.ChannelsCreated),
                KeyValuePair.Create("removed", counters.ChannelsRemoved),
                KeyValuePair.Create("appendRefused", counters.AppendsRefused),
                KeyValuePair.Create("accessDenied", counters.AccessDenied),
                KeyValuePair.Create("slowConsumer", counters.SlowConsumers),
                KeyValuePair.Create("tooLarge", counters.TooLargeForSubscribers),
            ];
        }
    }

    /// <summary>A part of the channels.</summary>
    /// <param name="order">Which come first.</param>
    /// <param name="text">Only those with this in their id; empty: all.</param>
    /// <param name="skip">How many are left out at the beginning.</param>
    /// <param name="take">How many are given at most.</param>
    public StatusPage<ChannelActivity> List(ChannelOrder order, string text, int skip, int take)
    {
        ArgumentNullException.ThrowIfNull(text);
        var now = _registry.NowMs;
        var all = new List<(Channel Channel, double Weight)>();
        foreach (var channel in _registry.All)
        {
            if (text.Length == 0 || channel.Id.ToString().Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                all.Add((channel, Weigh(order, channel, now)));
            }
        }

        return new StatusPage<ChannelActivity>(
            [
                .. all.OrderByDescending(static one => one.Weight).ThenBy(static one => one.Channel.Number).Skip(skip).Take(take)
                    .Select(one => Describe(one.Channel, now)),
            ],
            all.Count);
    }

    private static double Weigh(ChannelOrder order, Channel channel, long now) => order switch
    {
        ChannelOrder.Rate => channel.RecordsPerSecond(now),
        ChannelOrder.Size => channel.Extent.Bytes,
        ChannelOrder.Followers => channel.ListenerCount,
        _ => channel.Extent.UsedMs,
    };

    private static ChannelActivity Describe(Channel channel, long now)
    {
        var extent = channel.Extent;
        return new ChannelActivity(
            channel.Id.ToString(),
            channel.Description.Kind == ChannelKind.Legacy,
            extent.Records,
            extent.Bytes,
            DateTimeOffset.FromUnixTimeMilliseconds(channel.Description.CreatedMs),
            DateTimeOffset.FromUnixTimeMilliseconds(extent.UsedMs),
            channel.ListenerCount,
            channel.Members.Count,
            channel.RecordsPerSecond(now));
    }
}
