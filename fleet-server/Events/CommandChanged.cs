using Messaging.FleetServer.Commands;

namespace Messaging.FleetServer.Events;

/// <summary>A command was stored, sent, reported on or ended.</summary>
internal sealed record CommandChanged(string DeviceId, CommandSnapshot Command) : FleetEvent(DeviceId);
