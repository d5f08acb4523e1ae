namespace Messaging.FleetServer.Devices;

/// <summary>The facts that the API shows as fields of their own; each under the names that agents may give it, best first.</summary>
internal static class DeviceFacts
{
    public static readonly IReadOnlyList<string> Hostname = ["host.name"];
    public static readonly IReadOnlyList<string> Os = ["os.description", "os.name", "os.type"];
    public static readonly IReadOnlyList<string> Architecture = ["host.arch"];
    public static readonly IReadOnlyList<string> AgentVersion = ["agent.version", "service.version"];
    public static readonly IReadOnlyList<string> Model = ["device.model.name", "device.model", "device.model.identifier"];

    public static string? Fact(this DeviceSnapshot device, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (device.Facts.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }
}
