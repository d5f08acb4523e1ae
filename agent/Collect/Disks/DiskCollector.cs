using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Disks;

/// <summary>/proc/diskstats of whole disks: no partitions, loop devices or RAM disks.</summary>
internal sealed class DiskCollector : ICollector
{
    /// <summary>The kernel counts sectors of 512 bytes whatever the disk's own are.</summary>
    private const long SectorBytes = 512;

    private readonly KernelPath _path;
    private readonly KernelReader _reader = new();
    private readonly NameTable<Disk> _disks;

    public DiskCollector(KernelRoot root)
    {
        _path = root.ProcFile("diskstats");
        _disks = new(name => new Disk(name, root.SysPath("block")));
    }

    public string Name => "disk";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(10);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var text = _reader.Read(_path);
        Span<long> columns = stackalloc long[10];
        while (Fields.TryLine(ref text, out var line))
        {
            Fields.Skip(ref line, 2);
            var disk = _disks.Get(Fields.Word(ref line));
            if (!disk.IsReported)
            {
                continue;
            }

            for (var i = 0; i < columns.Length; i++)
            {
                if (!Fields.TryNumber(ref line, out columns[i]))
                {
                    throw Fields.Malformed(_path);
                }
            }

            // reads, merged, sectors, ms; writes, merged, sectors, ms; in flight, ms active.
            if (columns[0] == 0 && columns[4] == 0)
            {
                continue;
            }

            Record(recorder, disk.Read, columns[..4]);
            Record(recorder, disk.Write, columns[4..8]);
            recorder.Record(SystemMetrics.DiskIoTime, disk.Device, columns[9] / 1000.0);
        }

        return ValueTask.CompletedTask;
    }

    private static void Record(IMetricRecorder recorder, AttributeSet direction, ReadOnlySpan<long> columns)
    {
        recorder.Record(SystemMetrics.DiskOperations, direction, columns[0]);
        recorder.Record(SystemMetrics.DiskIo, direction, columns[2] * SectorBytes);
        recorder.Record(SystemMetrics.DiskOperationTime, direction, columns[3] / 1000.0);
    }

    private sealed class Disk(string name, string sysBlock)
    {
        public AttributeSet Device { get; } = AttributeSet.Of("system.device", name);

        public AttributeSet Read { get; } = AttributeSet.Of("system.device", name, "disk.io.direction", "read");

        public AttributeSet Write { get; } = AttributeSet.Of("system.device", name, "disk.io.direction", "write");

        /// <summary>Partitions have no entry of their own in /sys/block.</summary>
        public bool IsReported { get; } =
            !name.StartsWith("loop", StringComparison.Ordinal)
            && !name.StartsWith("ram", StringComparison.Ordinal)
            && Directory.Exists(Path.Combine(sysBlock, name.Replace('/', '!')));
    }
}
