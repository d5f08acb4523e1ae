using System.Collections.Immutable;
using Messaging.FleetServer.Hosting;
using Messaging.Relay;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>The parts of the relay that this process has, and what it hears of one that is elsewhere.</summary>
internal sealed class RelaySections(FleetServerOptions options, IRelayStatus link, IServiceProvider services)
{
    public const string Fleet = "fleet";
    public const string OfMqtt = "mqtt";
    public const string OfChannels = "channels";
    public const string OfLegacy = "legacy";

    /// <summary>What a relay counts that goes down, too.</summary>
    private static readonly ImmutableHashSet<string> Levels = ["devices", "unauthenticated", "principals"];

    private readonly Messaging.Relay.RelayStatus? _relay = options.HasEmbeddedRelay ? services.GetService<Messaging.Relay.RelayStatus>() : null;

    /// <summary>Whether the relay is in another process.</summary>
    public bool IsElsewhere => _relay is null;

    /// <summary>Null where this process has none, or control uses another relay.</summary>
    public BrokerStatus? Mqtt { get; } = options.HasEmbeddedRelay ? services.GetService<BrokerStatus>() : null;

    public ChannelStatus? Channels { get; } = options.HasEmbeddedRelay ? services.GetService<ChannelStatus>() : null;

    public LegacyStatus? Legacy { get; } = options.HasEmbeddedRelay ? services.GetService<LegacyStatus>() : null;

    public RelaySnapshot Link => link.Current;

    /// <summary>A level of the fleet's relay, null while it is not known.</summary>
    public long? Level(string name) => FleetCounters().Where(pair => pair.Key == name).Select(static pair => (long?)pair.Value).FirstOrDefault();

    /// <summary>All counters, as they are.</summary>
    public ImmutableDictionary<string, IReadOnlyDictionary<string, long>> Counters()
    {
        var all = ImmutableDictionary.CreateBuilder<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        all[Fleet] = Of(FleetCounters().Where(static pair => !Levels.Contains(pair.Key)));
        Add(OfMqtt, Mqtt?.Counters);
        Add(OfChannels, Channels?.Counters);
        Add(OfLegacy, Legacy?.Counters);
        return all.ToImmutable();

        void Add(string section, IReadOnlyList<KeyValuePair<string, long>>? counters)
        {
            if (counters is not null)
            {
                all[section] = Of(counters);
            }
        }
    }

    private static Dictionary<string, long> Of(IEnumerable<KeyValuePair<string, long>> counters) => new(counters, StringComparer.Ordinal);

    /// <summary>Its own are of this moment; those of one elsewhere come every few seconds.</summary>
    private IEnumerable<KeyValuePair<string, long>> FleetCounters() => _relay?.Counters ?? (IEnumerable<KeyValuePair<string, long>>)link.Current.Counters;
}
