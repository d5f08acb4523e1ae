using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Thermal;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>Finds what hwmon chips offer besides temperatures. Ids are made as those of temperatures.</summary>
internal static class HwmonDiscovery
{
    private const string AlarmSuffix = "_alarm";
    private const string InputSuffix = "_input";

    public static HwmonFindings Find(KernelRoot root)
    {
        var channels = new List<HwmonFindings.Channel>();
        var alarms = new List<HwmonFindings.Alarm>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in SensorDiscovery.Entries(root.SysPath("class/hwmon"), "hwmon*"))
        {
            if (SensorDiscovery.ReadLine(Path.Combine(device, "name")) is not { Length: > 0 } name)
            {
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(device).Order(StringComparer.Ordinal))
            {
                var word = Path.GetFileName(file);
                if (word.EndsWith(AlarmSuffix, StringComparison.Ordinal))
                {
                    alarms.Add(new(new KernelPath(file), SensorDiscovery.Unique(ids, $"hwmon:{name}:{word[..^AlarmSuffix.Length]}:alarm")));
                }
                else if (ChannelOf(word) is { } channel)
                {
                    channels.Add(Describe(device, name, channel, SensorDiscovery.Unique(ids, $"hwmon:{name}:{channel}")));
                }
            }
        }

        return new(channels, alarms);
    }

    private static HwmonFindings.Channel Describe(string device, string name, string channel, string id)
    {
        var kind = HwmonChannel.Of(channel);
        var attributes = new List<KeyValuePair<string, string>> { new("hw.id", id), new("hw.name", name) };
        if (kind.Quantity == Quantities.Power || kind.Quantity == Quantities.Energy)
        {
            attributes.Add(new("hw.type", kind.Quantity.Word));
        }

        if (SensorDiscovery.ReadLine(Path.Combine(device, channel + "_label")) is { Length: > 0 } label)
        {
            attributes.Add(new("hw.sensor_location", label));
        }

        return new(new KernelPath(Path.Combine(device, kind.File)), kind.Quantity.Metric!, AttributeSet.Of([.. attributes]), kind.Factor);
    }

    /// <summary>Null when the file holds no value that is wanted.</summary>
    private static string? ChannelOf(string file)
    {
        if (file.EndsWith(InputSuffix, StringComparison.Ordinal))
        {
            var channel = file[..^InputSuffix.Length];
            return KernelName.IsNumbered(channel, "in", "curr", "power", "energy", "fan", "humidity") ? channel : null;
        }

        return KernelName.IsNumbered(file, "pwm") ? file : null;
    }
}
