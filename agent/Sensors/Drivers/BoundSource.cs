#if DEVICE_BINDINGS
using Messaging.Agent.Bindings;

namespace Messaging.Agent.Sensors.Drivers;

/// <summary>A device of Messaging.Agent.Bindings; opened with the first read, and again after a failure.</summary>
internal sealed class BoundSource(string kind, string id) : ISensorSource
{
    private readonly double[] _values = new double[DriverCatalog.Find(kind)!.Count];
    private BoundDevice? _device;

    public IReadOnlyList<Quantity> Quantities => DriverCatalog.Find(kind)!;

    public string? Bus => id.Split('/')[0];

    public void Read(Span<double> values)
    {
        try
        {
            var (bus, address, channel) = DriverCatalog.Place(kind, id)!.Value;
            (_device ??= DeviceDrivers.Open(kind, bus, address, channel)).Read(_values);
            _values.CopyTo(values);
        }
        catch (Exception e)
        {
            // Drivers throw what they like.
            _device?.Dispose();
            _device = null;
            throw new IOException($"{kind} at {id}: {e.Message}", e);
        }
    }
}
#endif
