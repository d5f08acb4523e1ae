using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Load;

/// <summary>/proc/uptime.</summary>
internal sealed class UptimeCollector(KernelRoot root) : ICollector
{
    private readonly KernelPath _path = root.ProcFile("uptime");
    private readonly KernelReader _reader = new();

    public string Name => "uptime";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var text = _reader.Read(_path);
        if (!Fields.TryDecimal(ref text, out var seconds))
        {
            throw Fields.Malformed(_path);
        }

        recorder.Record(SystemMetrics.Uptime, AttributeSet.None, seconds);
        return ValueTask.CompletedTask;
    }
}
