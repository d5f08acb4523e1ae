using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Processes;

/// <summary>/proc/PID: how many processes there are, and the few that use the most CPU or memory.</summary>
internal sealed class ProcessCollector : ICollector
{
    private const string State = "process.state";

    private static readonly AttributeSet Running = AttributeSet.Of(State, "running");
    private static readonly AttributeSet Sleeping = AttributeSet.Of(State, "sleeping");
    private static readonly AttributeSet Stopped = AttributeSet.Of(State, "stopped");
    private static readonly AttributeSet Defunct = AttributeSet.Of(State, "defunct");

    private readonly TimeProvider _time;
    private readonly KernelPath _statPath;
    private readonly KernelReader _reader = new();
    private readonly ProcessTable _table;
    private readonly ProcessEntry?[] _top;
    private long? _scannedAt;

    /// <param name="root">Where /proc is.</param>
    /// <param name="time">For the elapsed time between collections.</param>
    /// <param name="top">How many processes are reported by CPU, and again by memory.</param>
    public ProcessCollector(KernelRoot root, TimeProvider time, int top)
    {
        _time = time;
        _statPath = root.ProcFile("stat");
        _table = new ProcessTable(root);
        _top = new ProcessEntry?[top];
    }

    public string Name => "processes";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        var before = _scannedAt;
        _scannedAt = _time.GetTimestamp();
        _table.Scan(ct);
        RecordCounts(recorder, out var cpus);

        var elapsedTicks = before is { } at ? _time.GetElapsedTime(at, _scannedAt.Value).TotalSeconds * LibC.TicksPerSecond * cpus : 0;
        Choose(static entry => entry.TicksUsed);
        Report(recorder, elapsedTicks);
        Choose(static entry => entry.ResidentPages);
        Report(recorder, elapsedTicks);
        return ValueTask.CompletedTask;
    }

    private void RecordCounts(IMetricRecorder recorder, out int cpus)
    {
        var states = _table.States;
        recorder.Record(SystemMetrics.ProcessCount, Running, states.Running);
        recorder.Record(SystemMetrics.ProcessCount, Sleeping, states.Sleeping);
        recorder.Record(SystemMetrics.ProcessCount, Stopped, states.Stopped);
        recorder.Record(SystemMetrics.ProcessCount, Defunct, states.Defunct);

        cpus = 0;
        var text = _reader.Read(_statPath);
        while (Fields.TryLine(ref text, out var line))
        {
            if (line.StartsWith("cpu"u8) && line.Length > 3 && line[3] != (byte)' ')
            {
                cpus++;
            }
            else if (line.StartsWith("processes "u8) && Fields.TryParse(line["processes ".Length..], out var created))
            {
                recorder.Record(SystemMetrics.ProcessCreated, AttributeSet.None, created);
            }
        }

        cpus = Math.Max(1, cpus);
    }

    /// <summary>Puts the entries with the greatest positive values into <see cref="_top"/>, greatest first.</summary>
    private void Choose(Func<ProcessEntry, long> value)
    {
        Array.Clear(_top);
        foreach (var entry in _table.Entries)
        {
            var candidate = value(entry) > 0 ? entry : null;
            for (var i = 0; i < _top.Length && candidate is not null; i++)
            {
                if (_top[i] is not { } kept || value(candidate) > value(kept))
                {
                    (_top[i], candidate) = (candidate, _top[i]);
                }
            }
        }
    }

    private void Report(IMetricRecorder recorder, double elapsedTicks)
    {
        foreach (var entry in _top)
        {
            // The one that is great in both respects was reported already.
            if (entry is null || entry.ReportedIn == _table.Generation)
            {
                continue;
            }

            entry.ReportedIn = _table.Generation;
            entry.Attributes ??= AttributeSet.Of(
                "process.pid", entry.Id.ToString(), "process.executable.name", _table.ExecutableName(entry));
            recorder.Record(SystemMetrics.ProcessMemoryUsage, entry.Attributes, (double)entry.ResidentPages * LibC.PageSize);
            if (entry.TicksUsed >= 0 && elapsedTicks > 0)
            {
                recorder.Record(SystemMetrics.ProcessCpuUtilization, entry.Attributes, entry.TicksUsed / elapsedTicks);
            }
        }
    }
}
