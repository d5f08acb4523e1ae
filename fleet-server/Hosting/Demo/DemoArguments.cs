namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>What was typed after "demo"; null where it was not.</summary>
internal sealed record DemoArguments(string? Data, string? Port, string? MqttPort, string? Agent);
