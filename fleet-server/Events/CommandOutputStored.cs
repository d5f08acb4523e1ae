using Messaging.FleetServer.Commands.Output;

namespace Messaging.FleetServer.Events;

/// <summary>A command wrote something.</summary>
internal sealed record CommandOutputStored(string DeviceId, OutputRow Row) : FleetEvent(DeviceId);
