namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>ready.json: what a script needs to use the demo.</summary>
internal sealed record DemoReady(string Url, int MqttPort, string ApiToken, string DeviceId, int Pid);
