using System.Runtime.InteropServices;

namespace Messaging.Relay.Counters;

/// <summary>
/// How often something happened lately: counted in steps of half a minute, of which the one before and the present one are known. So it is exact, of the last 30 to 60
/// seconds, and costs three numbers. Guarded by whoever has it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RecentCount
{
    /// <summary>Milliseconds of a step.</summary>
    public const long StepMs = 30_000;

    private long _step;
    private long _before;
    private long _present;

    /// <summary>It happened.</summary>
    /// <param name="count">So often.</param>
    /// <param name="nowMs">Milliseconds on a clock that may stand still, and should not go back.</param>
    public void Add(long count, long nowMs)
    {
        Turn(nowMs);
        _present += count;
    }

    /// <summary>The rate of the step before and the present one, together.</summary>
    public readonly double PerSecond(long nowMs)
    {
        var turned = this;
        turned.Turn(nowMs);
        var elapsed = Math.Clamp(nowMs - (turned._step * StepMs), 0, StepMs);
        return (turned._before + turned._present) * 1000.0 / (StepMs + elapsed);
    }

    private void Turn(long nowMs)
    {
        var step = nowMs / StepMs;
        if (step > _step)
        {
            (_before, _present, _step) = (step == _step + 1 ? _present : 0, 0, step);
        }
    }
}
