using System.ComponentModel;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>
/// A 1-wire thermometer of the kernel's driver w1_therm. <c>w1_slave</c> has its checksum; where there is none, <c>temperature</c> is read.
/// A read takes as long as the conversion (750 ms at full resolution) and hangs with the bus.
/// </summary>
internal sealed class OneWireSource(KernelRoot root, string id) : ISensorSource
{
    private const int Attempts = 3;

    /// <summary>What the chip holds when it was just powered, and its conversion never came about.</summary>
    private const double PowerOnValue = 85;
    private const double NearPowerOnValue = 10;
    private readonly string _device = root.SysPath("bus/w1/devices/" + id);
    private readonly KernelPath _slave = new(root.SysPath($"bus/w1/devices/{id}/w1_slave"));
    private readonly KernelPath _temperature = new(root.SysPath($"bus/w1/devices/{id}/temperature"));
    private readonly KernelReader _reader = new();
    private readonly KernelValue _value = new();
    private double _last = double.NaN;

    public IReadOnlyList<Quantity> Quantities => [Sensors.Quantities.Temperature];

    /// <summary>Its master, such as <c>w1_bus_master1</c>: the folder above what the link leads to.</summary>
    public string? Bus => Directory.Exists(_device) && Directory.ResolveLinkTarget(_device, returnFinalTarget: true) is DirectoryInfo { Parent.Name: { } master } ? master : "w1";

    public void Read(Span<double> values)
    {
        if (!Directory.Exists(_device))
        {
            throw new IOException($"the sensor is not on the bus: {_device} is not there");
        }

        string? problem = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            problem = TryRead(out var celsius);
            if (problem is null)
            {
                values[0] = _last = celsius;
                return;
            }
        }

        throw new IOException(problem);
    }

    /// <returns>Null, or why there is no value.</returns>
    private string? TryRead(out double celsius)
    {
        celsius = double.NaN;
        if (!File.Exists(_slave.Text))
        {
            celsius = _value.Read(_temperature) * 1e-3;
        }
        else if (!_reader.TryRead(_slave.Bytes, out var text, out var error))
        {
            return $"{_slave.Text}: {new Win32Exception(error).Message}";
        }
        else if (OneWireText.Parse(text, out celsius) is { } problem)
        {
            return $"{_slave.Text}: {problem}";
        }

        // Nobody can tell it from 85 degrees but by what was before.
        return celsius == PowerOnValue && !(Math.Abs(_last - PowerOnValue) < NearPowerOnValue)
            ? "85 Cel, which the chip says after it lost its power"
            : null;
    }
}
