namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>The demo cannot go on; the message says why and where to look.</summary>
internal sealed class DemoException(string message) : Exception(message);
