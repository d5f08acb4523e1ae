using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Thermal;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>
/// A channel of an IIO device, found by the device's name: <c>_input</c> where the driver converts, else (raw + offset) * scale, both of
/// which may be the channel's own or its type's.
/// </summary>
internal sealed class IioSource(KernelRoot root, string device, string channel) : ISensorSource
{
    private readonly IioChannel _channel = IioChannel.Of(channel);
    private readonly KernelValue _value = new();
    private string? _folder;

    public IReadOnlyList<Quantity> Quantities => [_channel.Quantity];

    /// <summary>Most hang on I2C or SPI, whose drivers have deadlines of their own, but long ones.</summary>
    public string? Bus => "iio " + device;

    public void Read(Span<double> values)
    {
        var folder = _folder ??= Find();
        try
        {
            values[0] = ReadIn(folder) * _channel.Factor;
        }
        catch (IOException)
        {
            _folder = null;
            throw;
        }
    }

    private double ReadIn(string folder)
    {
        var input = Path.Combine(folder, channel + "_input");
        if (File.Exists(input))
        {
            return _value.Read(new KernelPath(input));
        }

        var raw = _value.Read(new KernelPath(Path.Combine(folder, channel + "_raw")));
        return (raw + Parameter(folder, "_offset", 0)) * Parameter(folder, "_scale", 1);
    }

    private double Parameter(string folder, string suffix, double missing) => _value.ReadOr(
        new KernelPath(Path.Combine(folder, channel + suffix)),
        _value.ReadOr(new KernelPath(Path.Combine(folder, _channel.Type + suffix)), missing));

    private string Find()
    {
        var folder = root.SysPath("bus/iio/devices");
        foreach (var one in SensorDiscovery.Entries(folder, "iio:device*"))
        {
            if ((Path.GetFileName(one) == device || _value.TryReadLine(Path.Combine(one, "name")) == device)
                && (File.Exists(Path.Combine(one, channel + "_input")) || File.Exists(Path.Combine(one, channel + "_raw"))))
            {
                return one;
            }
        }

        throw new IOException($"no IIO device '{device}' with {channel} under {folder}");
    }
}
