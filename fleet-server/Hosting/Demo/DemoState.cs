namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>What a demo remembers in its folder, so that the same device, links and scripts go on to work.</summary>
internal sealed record DemoState(int? Port, int? MqttPort, string? ApiToken, string? DeviceId);
