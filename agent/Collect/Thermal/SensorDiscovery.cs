using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Thermal;

/// <summary>
/// Finds temperature sensors. Ids are made of the drivers' names, not of the numbers that the kernel gives in the order of
/// probing, so that they stay the same over restarts.
/// </summary>
internal static class SensorDiscovery
{
    public static IReadOnlyList<TemperatureSensor> Find(KernelRoot root)
    {
        var sensors = new List<TemperatureSensor>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var zone in Entries(root.SysPath("class/thermal"), "thermal_zone*"))
        {
            if (ReadLine(Path.Combine(zone, "type")) is { Length: > 0 } type)
            {
                var id = Unique(ids, "thermal_zone:" + type);
                sensors.Add(new(new KernelPath(Path.Combine(zone, "temp")), AttributeSet.Of("hw.id", id, "hw.name", type)));
            }
        }

        foreach (var device in Entries(root.SysPath("class/hwmon"), "hwmon*"))
        {
            if (!IsThermalZone(device) && ReadLine(Path.Combine(device, "name")) is { Length: > 0 } name)
            {
                AddHwmon(sensors, ids, device, name);
            }
        }

        return sensors;
    }

    private static void AddHwmon(List<TemperatureSensor> sensors, HashSet<string> ids, string device, string name)
    {
        foreach (var input in Directory.EnumerateFiles(device, "temp*_input").Order(StringComparer.Ordinal))
        {
            var channel = Path.GetFileName(input)[..^"_input".Length];
            var label = ReadLine(Path.Combine(device, channel + "_label"));
            var id = Unique(ids, $"hwmon:{name}:{channel}");
            var attributes = label is { Length: > 0 }
                ? AttributeSet.Of(new("hw.id", id), new("hw.name", name), new("hw.sensor_location", label))
                : AttributeSet.Of("hw.id", id, "hw.name", name);
            sensors.Add(new(new KernelPath(input), attributes));
        }
    }

    /// <summary>The kernel offers most thermal zones a second time as hwmon devices.</summary>
    private static bool IsThermalZone(string hwmon) =>
        Path.Combine(hwmon, "device") is var device
        && Directory.Exists(device)
        && Directory.ResolveLinkTarget(device, returnFinalTarget: true) is { } target
        && target.Name.StartsWith("thermal_zone", StringComparison.Ordinal);

    public static IEnumerable<string> Entries(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, pattern).Order(StringComparer.Ordinal) : [];

    public static string Unique(HashSet<string> taken, string id)
    {
        var unique = id;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = $"{id}#{number}";
        }

        return unique;
    }

    /// <summary>Null when the driver has no such file or cannot answer.</summary>
    public static string? ReadLine(string path)
    {
        var reader = new KernelReader();
        return reader.TryRead(new KernelPath(path), out var text) ? System.Text.Encoding.UTF8.GetString(text).Trim() : null;
    }
}
