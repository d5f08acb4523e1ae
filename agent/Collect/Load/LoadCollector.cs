using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Load;

/// <summary>/proc/loadavg.</summary>
internal sealed class LoadCollector(KernelRoot root) : ICollector
{
    private readonly KernelPath _path = root.ProcFile("loadavg");
    private readonly KernelReader _reader = new();

    public string Name => "load";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(10);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var text = _reader.Read(_path);
        if (!Fields.TryDecimal(ref text, out var one) || !Fields.TryDecimal(ref text, out var five) || !Fields.TryDecimal(ref text, out var fifteen))
        {
            throw Fields.Malformed(_path);
        }

        recorder.Record(SystemMetrics.Load1, AttributeSet.None, one);
        recorder.Record(SystemMetrics.Load5, AttributeSet.None, five);
        recorder.Record(SystemMetrics.Load15, AttributeSet.None, fifteen);
        return ValueTask.CompletedTask;
    }
}
