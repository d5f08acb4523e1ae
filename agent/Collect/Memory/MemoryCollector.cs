using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Memory;

/// <summary>/proc/meminfo. "Used" is MemTotal - MemAvailable, as the conventions say for Linux.</summary>
internal sealed class MemoryCollector(KernelRoot root) : ICollector
{
    private const string State = "system.memory.state";

    private static readonly AttributeSet Used = AttributeSet.Of(State, "used");
    private static readonly AttributeSet Free = AttributeSet.Of(State, "free");
    private static readonly AttributeSet Cached = AttributeSet.Of(State, "cached");
    private static readonly AttributeSet Buffers = AttributeSet.Of(State, "buffers");

    private readonly KernelPath _path = root.ProcFile("meminfo");
    private readonly KernelReader _reader = new();

    public string Name => "memory";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(10);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var info = MemoryInfo.Parse(_reader.Read(_path));
        if (info.Total <= 0)
        {
            throw Fields.Malformed(_path);
        }

        // Kernels before 3.14 have no MemAvailable.
        var available = info.Available ?? info.Free + info.Buffers + info.Cached;
        var used = info.Total - available;
        recorder.Record(SystemMetrics.MemoryLimit, AttributeSet.None, info.Total);
        recorder.Record(SystemMetrics.MemoryAvailable, AttributeSet.None, available);
        recorder.Record(SystemMetrics.MemoryUtilization, AttributeSet.None, (double)used / info.Total);
        RecordState(recorder, Used, used, info.Total);
        RecordState(recorder, Free, info.Free, info.Total);
        RecordState(recorder, Cached, info.Cached, info.Total);
        RecordState(recorder, Buffers, info.Buffers, info.Total);
        return ValueTask.CompletedTask;
    }

    private static void RecordState(IMetricRecorder recorder, AttributeSet state, long bytes, long total)
    {
        recorder.Record(SystemMetrics.MemoryUsage, state, bytes);
        recorder.Record(SystemMetrics.MemoryUtilization, state, (double)bytes / total);
    }
}
