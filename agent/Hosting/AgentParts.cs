using Messaging.Agent.Commands;
using Messaging.Agent.Downlink;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;

namespace Messaging.Agent.Hosting;

/// <summary>What <see cref="AgentRunner"/> starts and stops.</summary>
internal sealed record AgentParts(
    UplinkWriter Writer,
    EventReporter Events,
    MetricFlusher Metrics,
    LogBatcher LogBatcher,
    SpoolKeeper Keeper,
    ConnectionKeeper Connection,
    ConnectionState ConnectionState,
    UplinkSender Sender,
    DataMeter Data,
    DownlinkReceiver Downlink,
    CommandCenter Commands,
    DeviceInfoReporter DeviceInfo,
    KeyRotator Keys,
    IEnumerable<Producer> Producers);
