using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Thermal;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>A channel of a hwmon chip, found by the chip's name: its number may be another after each start.</summary>
internal sealed class HwmonSource(KernelRoot root, string chip, string channel) : ISensorSource
{
    private readonly HwmonChannel _channel = HwmonChannel.Of(channel);
    private readonly KernelValue _value = new();
    private KernelPath? _path;

    public IReadOnlyList<Quantity> Quantities => [_channel.Quantity];

    public string? Bus => null;

    public void Read(Span<double> values)
    {
        var path = _path ??= Find();
        try
        {
            values[0] = _value.Read(path) * _channel.Factor;
        }
        catch (IOException)
        {
            // Unplugged, perhaps, and plugged in again under another number.
            _path = null;
            throw;
        }
    }

    private KernelPath Find()
    {
        var folder = root.SysPath("class/hwmon");
        foreach (var device in SensorDiscovery.Entries(folder, "hwmon*"))
        {
            if (_value.TryReadLine(Path.Combine(device, "name")) == chip && File.Exists(Path.Combine(device, _channel.File)))
            {
                return new KernelPath(Path.Combine(device, _channel.File));
            }
        }

        throw new IOException($"no hwmon chip '{chip}' with {_channel.File} under {folder}");
    }
}
