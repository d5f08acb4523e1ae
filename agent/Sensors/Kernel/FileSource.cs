using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>Any file that holds one number.</summary>
internal sealed class FileSource(string path) : ISensorSource
{
    private readonly KernelPath _path = new(path);
    private readonly KernelValue _value = new();

    public IReadOnlyList<Quantity> Quantities => [Sensors.Quantities.Value];

    /// <summary>Nobody knows what is behind it.</summary>
    public string? Bus => path;

    public void Read(Span<double> values) => values[0] = _value.Read(_path);
}
