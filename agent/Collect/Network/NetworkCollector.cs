using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Network;

/// <summary>/proc/net/dev, but for the loopback and for interfaces that never moved a byte.</summary>
internal sealed class NetworkCollector(KernelRoot root) : ICollector
{
    private readonly KernelPath _path = root.ProcFile("net/dev");
    private readonly KernelReader _reader = new();
    private readonly NameTable<Interface> _interfaces = new(name => new Interface(name));

    public string Name => "network";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(10);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var text = _reader.Read(_path);
        Span<long> columns = stackalloc long[12];
        while (Fields.TryLine(ref text, out var line))
        {
            var colon = line.LastIndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            var name = line[..colon].Trim((byte)' ');
            line = line[(colon + 1)..];
            for (var i = 0; i < columns.Length; i++)
            {
                if (!Fields.TryNumber(ref line, out columns[i]))
                {
                    throw Fields.Malformed(_path);
                }
            }

            if (name.SequenceEqual("lo"u8) || (columns[0] == 0 && columns[8] == 0))
            {
                continue;
            }

            // Receive: bytes packets errs drop fifo frame compressed multicast; then the same of transmit.
            var entry = _interfaces.Get(name);
            Record(recorder, entry.Receive, entry.ReceiveDevice, columns[..4]);
            Record(recorder, entry.Transmit, entry.TransmitDevice, columns[8..12]);
        }

        return ValueTask.CompletedTask;
    }

    private static void Record(IMetricRecorder recorder, AttributeSet direction, AttributeSet device, ReadOnlySpan<long> columns)
    {
        recorder.Record(SystemMetrics.NetworkIo, direction, columns[0]);
        recorder.Record(SystemMetrics.NetworkPackets, device, columns[1]);
        recorder.Record(SystemMetrics.NetworkErrors, direction, columns[2]);
        recorder.Record(SystemMetrics.NetworkDropped, direction, columns[3]);
    }

    private sealed class Interface(string name)
    {
        public AttributeSet Receive { get; } = AttributeSet.Of("network.interface.name", name, "network.io.direction", "receive");

        public AttributeSet Transmit { get; } = AttributeSet.Of("network.interface.name", name, "network.io.direction", "transmit");

        // The conventions name the interface differently for the packet count alone.
        public AttributeSet ReceiveDevice { get; } = AttributeSet.Of("system.device", name, "network.io.direction", "receive");

        public AttributeSet TransmitDevice { get; } = AttributeSet.Of("system.device", name, "network.io.direction", "transmit");
    }
}
