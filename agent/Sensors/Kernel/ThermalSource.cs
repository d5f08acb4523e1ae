using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Thermal;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>A thermal zone, found by its type.</summary>
internal sealed class ThermalSource(KernelRoot root, string type) : ISensorSource
{
    private readonly KernelValue _value = new();
    private KernelPath? _path;

    public IReadOnlyList<Quantity> Quantities => [Sensors.Quantities.Temperature];

    public string? Bus => null;

    public void Read(Span<double> values)
    {
        var path = _path ??= Find();
        try
        {
            values[0] = _value.Read(path) * 1e-3;
        }
        catch (IOException)
        {
            _path = null;
            throw;
        }
    }

    private KernelPath Find()
    {
        var folder = root.SysPath("class/thermal");
        foreach (var zone in SensorDiscovery.Entries(folder, "thermal_zone*"))
        {
            if (_value.TryReadLine(Path.Combine(zone, "type")) == type)
            {
                return new KernelPath(Path.Combine(zone, "temp"));
            }
        }

        throw new IOException($"no thermal zone '{type}' under {folder}");
    }
}
