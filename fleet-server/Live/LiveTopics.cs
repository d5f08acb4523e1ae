namespace Messaging.FleetServer.Live;

/// <summary>What a live stream is about.</summary>
internal sealed class LiveTopics
{
    private const string DevicePrefix = "device:";
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);

    /// <summary>Changes of all devices' entries.</summary>
    public bool AllDevices { get; private init; }

    /// <summary>The audit; owners only.</summary>
    public bool Audit { get; private init; }

    /// <summary>How far commands to many devices and updates are, and which wait for signatures.</summary>
    public bool Commands { get; private init; }

    /// <summary>Ids of devices of which everything is shown; as they were given.</summary>
    public IReadOnlyCollection<string> Devices => _devices;

    /// <summary>Parses "devices,device:ID,audit,commands"; null when a topic is unknown or there are too many.</summary>
    public static LiveTopics? TryParse(string? text)
    {
        var names = string.IsNullOrEmpty(text) ? ["devices"] : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length is 0 or > LiveLimits.MaxTopics)
        {
            return null;
        }

        var topics = new LiveTopics { AllDevices = names.Contains("devices", StringComparer.Ordinal), Audit = names.Contains("audit", StringComparer.Ordinal), Commands = names.Contains("commands", StringComparer.Ordinal) };
        foreach (var name in names)
        {
            if (name.StartsWith(DevicePrefix, StringComparison.Ordinal))
            {
                topics._devices.Add(name[DevicePrefix.Length..]);
            }
            else if (name is not ("devices" or "audit" or "commands"))
            {
                return null;
            }
        }

        return topics;
    }

    /// <summary>Whether the stream shows everything of this device.</summary>
    public bool Device(string deviceId) => _devices.Contains(deviceId);
}
