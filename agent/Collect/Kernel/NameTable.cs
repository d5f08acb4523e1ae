namespace Messaging.Agent.Collect.Kernel;

/// <summary>What is kept about each named thing of a kernel file (a disk, an interface), found by the bytes of its name.</summary>
internal sealed class NameTable<T>
    where T : class
{
    /// <summary>Far more than a device has disks or interfaces; bounds what container churn can pile up.</summary>
    private const int MaxNames = 1024;

    private readonly Dictionary<byte[], T> _entries = new(Utf8KeyComparer.Instance);
    private readonly Func<string, T> _make;

    public NameTable(Func<string, T> make) => _make = make;

    public T Get(ReadOnlySpan<byte> name)
    {
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(name, out var entry))
        {
            return entry;
        }

        if (_entries.Count >= MaxNames)
        {
            _entries.Clear();
        }

        entry = _make(System.Text.Encoding.UTF8.GetString(name));
        _entries[name.ToArray()] = entry;
        return entry;
    }
}
