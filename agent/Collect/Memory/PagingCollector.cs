using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Memory;

/// <summary>/proc/swaps: use of each swap device; /proc/vmstat: page faults and swapping since boot.</summary>
internal sealed class PagingCollector(KernelRoot root) : ICollector
{
    private const string State = "system.paging.state";
    private const string FaultType = "system.paging.fault.type";
    private const string Direction = "system.paging.direction";

    private static readonly AttributeSet Major = AttributeSet.Of(FaultType, "major");
    private static readonly AttributeSet Minor = AttributeSet.Of(FaultType, "minor");
    private static readonly AttributeSet In = AttributeSet.Of(Direction, "in");
    private static readonly AttributeSet Out = AttributeSet.Of(Direction, "out");

    private readonly KernelPath _swaps = root.ProcFile("swaps");
    private readonly KernelPath _vmstat = root.ProcFile("vmstat");
    private readonly KernelReader _reader = new();
    private readonly NameTable<SwapDevice> _devices = new(name => new SwapDevice(name));

    public string Name => "paging";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        RecordSwaps(recorder);
        RecordActivity(recorder);
        return ValueTask.CompletedTask;
    }

    private void RecordSwaps(IMetricRecorder recorder)
    {
        // A kernel without swap has no such file.
        if (!_reader.TryRead(_swaps, out var text))
        {
            return;
        }

        long allBytes = 0, allUsed = 0;
        Fields.TryLine(ref text, out _);
        while (Fields.TryLine(ref text, out var line))
        {
            var name = Fields.Word(ref line);
            Fields.Skip(ref line, 1);
            if (!Fields.TryNumber(ref line, out var sizeKib) || !Fields.TryNumber(ref line, out var usedKib) || sizeKib <= 0)
            {
                continue;
            }

            var device = _devices.Get(name);
            var (bytes, used) = (sizeKib * 1024, usedKib * 1024);
            recorder.Record(SystemMetrics.PagingUsage, device.Used, used);
            recorder.Record(SystemMetrics.PagingUsage, device.Free, bytes - used);
            recorder.Record(SystemMetrics.PagingUtilization, device.Used, (double)used / bytes);
            recorder.Record(SystemMetrics.PagingUtilization, device.Free, (double)(bytes - used) / bytes);
            allBytes += bytes;
            allUsed += used;
        }

        if (allBytes > 0)
        {
            recorder.Record(SystemMetrics.PagingUtilization, AttributeSet.None, (double)allUsed / allBytes);
        }
    }

    private void RecordActivity(IMetricRecorder recorder)
    {
        var text = _reader.Read(_vmstat);
        long faults = 0, major = 0;
        while (Fields.TryLine(ref text, out var line))
        {
            var name = Fields.Word(ref line);
            if (name.Length < 6 || name[0] != (byte)'p' || !Fields.TryNumber(ref line, out var value))
            {
                continue;
            }

            if (name.SequenceEqual("pswpin"u8))
            {
                recorder.Record(SystemMetrics.PagingOperations, In, value);
            }
            else if (name.SequenceEqual("pswpout"u8))
            {
                recorder.Record(SystemMetrics.PagingOperations, Out, value);
            }
            else if (name.SequenceEqual("pgfault"u8))
            {
                faults = value;
            }
            else if (name.SequenceEqual("pgmajfault"u8))
            {
                major = value;
            }
        }

        // pgfault counts both kinds.
        recorder.Record(SystemMetrics.PagingFaults, Major, major);
        recorder.Record(SystemMetrics.PagingFaults, Minor, Math.Max(0, faults - major));
    }

    private sealed class SwapDevice(string name)
    {
        public AttributeSet Used { get; } = AttributeSet.Of("system.device", name, State, "used");

        public AttributeSet Free { get; } = AttributeSet.Of("system.device", name, State, "free");
    }
}
