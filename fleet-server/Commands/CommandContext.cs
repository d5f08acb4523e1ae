using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Commands;

/// <summary>What commands need of the rest of the server.</summary>
internal sealed record CommandContext(
    CommandStore Store,
    CommandSigner Signer,
    CommandLedger Ledger,
    CommandSequence Sequence,
    IDeviceDirectory Devices,
    IDownlink Downlink,
    IFleetEvents Events,
    CommandOptions Options,
    TimeProvider Time);
