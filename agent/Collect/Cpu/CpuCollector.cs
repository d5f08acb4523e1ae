using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Cpu;

/// <summary>/proc/stat: time by mode since boot, shares since the last collection, the number of logical CPUs.</summary>
internal sealed class CpuCollector(KernelRoot root) : ICollector
{
    private const string Mode = "cpu.mode";
    private const int Idle = 3;
    private const int IoWait = 4;

    /// <summary>In the order of the kernel's columns; irq and softirq are one mode of the conventions.</summary>
    private static readonly AttributeSet[] Modes =
    [
        AttributeSet.Of(Mode, "user"), AttributeSet.Of(Mode, "nice"), AttributeSet.Of(Mode, "system"), AttributeSet.Of(Mode, "idle"),
        AttributeSet.Of(Mode, "iowait"), AttributeSet.Of(Mode, "interrupt"), AttributeSet.Of(Mode, "steal"),
    ];

    private readonly KernelPath _path = root.ProcFile("stat");
    private readonly KernelReader _reader = new();
    private readonly long[] _now = new long[Modes.Length];
    private readonly long[] _before = new long[Modes.Length];
    private bool _hasBefore;

    public string Name => "cpu";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(10);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        Array.Copy(_now, _before, _now.Length);
        var cpus = Read();
        var secondsPerTick = 1.0 / LibC.TicksPerSecond;
        long total = 0;
        for (var mode = 0; mode < Modes.Length; mode++)
        {
            // The kernel's estimate of iowait may go back a little; a counter must not.
            _now[mode] = Math.Max(_now[mode], _before[mode]);
            total += _now[mode] - _before[mode];
            recorder.Record(SystemMetrics.CpuTime, Modes[mode], _now[mode] * secondsPerTick);
        }

        if (_hasBefore && total > 0)
        {
            for (var mode = 0; mode < Modes.Length; mode++)
            {
                recorder.Record(SystemMetrics.CpuUtilization, Modes[mode], (double)(_now[mode] - _before[mode]) / total);
            }

            var idle = _now[Idle] - _before[Idle] + _now[IoWait] - _before[IoWait];
            recorder.Record(SystemMetrics.CpuUtilization, AttributeSet.None, (double)(total - idle) / total);
        }

        _hasBefore = true;
        recorder.Record(SystemMetrics.CpuLogicalCount, AttributeSet.None, cpus);
        return ValueTask.CompletedTask;
    }

    private int Read()
    {
        var text = _reader.Read(_path);
        var cpus = 0;
        var found = false;
        Span<long> columns = stackalloc long[8];
        while (Fields.TryLine(ref text, out var line) && line.StartsWith("cpu"u8))
        {
            var name = Fields.Word(ref line);
            if (name.Length > 3)
            {
                cpus++;
                continue;
            }

            // user nice system idle iowait irq softirq steal; guest time is already part of user.
            for (var i = 0; i < columns.Length; i++)
            {
                if (!Fields.TryNumber(ref line, out columns[i]))
                {
                    throw Fields.Malformed(_path);
                }
            }

            columns[..5].CopyTo(_now);
            _now[5] = columns[5] + columns[6];
            _now[6] = columns[7];
            found = true;
        }

        if (!found)
        {
            throw Fields.Malformed(_path);
        }

        return cpus;
    }
}
