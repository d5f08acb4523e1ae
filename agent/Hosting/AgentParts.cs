using Messaging.Agent.Commands;
using Messaging.Agent.Downlink;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;

namespace Messaging.Agent.Hosting;

/// <summary>What <see cref="AgentRunner"/> starts and stops.</summary>
internal sealed class AgentParts(
    UplinkWriter writer,
    EventReporter events,
    MetricFlusher metrics,
    LogBatcher logBatcher,
    SpoolKeeper keeper,
    ConnectionKeeper connection,
    ConnectionState connectionState,
    UplinkSender sender,
    DataMeter data,
    DownlinkReceiver downlink,
    CommandCenter commands,
    DeviceInfoReporter deviceInfo,
    KeyRotator keys,
    IEnumerable<Producer> producers)
{
    public UplinkWriter Writer { get; } = writer;

    public EventReporter Events { get; } = events;

    public MetricFlusher Metrics { get; } = metrics;

    public LogBatcher LogBatcher { get; } = logBatcher;

    public SpoolKeeper Keeper { get; } = keeper;

    public ConnectionKeeper Connection { get; } = connection;

    public ConnectionState ConnectionState { get; } = connectionState;

    public UplinkSender Sender { get; } = sender;

    public DataMeter Data { get; } = data;

    public DownlinkReceiver Downlink { get; } = downlink;

    public CommandCenter Commands { get; } = commands;

    public DeviceInfoReporter DeviceInfo { get; } = deviceInfo;

    public KeyRotator Keys { get; } = keys;

    public IEnumerable<Producer> Producers { get; } = producers;
}
