namespace Messaging.FleetServer.Hosting.Demo;

/// <param name="Agent">The agent's executable.</param>
internal sealed record DemoSettings(DemoFolder Folder, string Agent, DemoState Before, bool Temporary);
