namespace Messaging.FleetServer.Twin;

/// <summary>A desired state that the device did not take, and why.</summary>
internal sealed record RefusedView(long Version, string CommandId, string Message);
