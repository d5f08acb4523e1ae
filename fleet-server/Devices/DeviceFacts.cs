using System.Globalization;

namespace Messaging.FleetServer.Devices;

/// <summary>The facts that the API shows as fields of their own; each under the names that agents may give it, best first.</summary>
internal static class DeviceFacts
{
    public static readonly IReadOnlyList<string> Hostname = ["host.name"];
    public static readonly IReadOnlyList<string> Os = ["os.description", "os.name", "os.type"];
    public static readonly IReadOnlyList<string> Architecture = ["host.arch"];
    public static readonly IReadOnlyList<string> AgentVersion = ["agent.version", "service.version"];
    public static readonly IReadOnlyList<string> Model = ["device.model.name", "device.model", "device.model.identifier"];

    /// <summary>Seconds in which a device that gathers for long, or is paused, is heard of once.</summary>
    private const string SilenceFact = "uplink.silence";

    /// <summary>Whatever a device says: who is not heard of for three hours is not there.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    /// <summary>Null when it is no number or not told.</summary>
    public static TimeSpan? Silence(IReadOnlyDictionary<string, string> facts) =>
        facts.TryGetValue(SilenceFact, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, (int)LongestSilence.TotalSeconds))
            : null;

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
