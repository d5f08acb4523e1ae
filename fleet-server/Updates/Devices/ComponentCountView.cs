namespace Messaging.FleetServer.Updates.Devices;

/// <summary>How many devices have a version of a component.</summary>
internal sealed record ComponentCountView(string Name, string Kind, string Version, long Counter, int Devices);
