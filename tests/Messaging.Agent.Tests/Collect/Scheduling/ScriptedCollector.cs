using Messaging.Agent.Collect;

namespace Messaging.Agent.Tests.Collect.Scheduling;

/// <summary>Does what the test says, and counts how often it was asked.</summary>
internal sealed class ScriptedCollector(string name, TimeSpan interval) : ICollector
{
    private int _calls;

    public string Name => name;

    public TimeSpan DefaultInterval => interval;

    public int Calls => Volatile.Read(ref _calls);

    public Func<IMetricRecorder, CancellationToken, ValueTask> Script { get; set; } = (recorder, _) =>
    {
        recorder.Record(SystemMetrics.Uptime, AttributeSet.None, 1);
        return ValueTask.CompletedTask;
    };

    public async ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        Interlocked.Increment(ref _calls);
        await Script(recorder, ct);
    }
}
