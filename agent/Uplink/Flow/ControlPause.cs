using System.Globalization;
using Messaging.Agent.Clock;
using Messaging.Agent.Events;
using Messaging.Agent.Spool;
using Messaging.Streams;

namespace Messaging.Agent.Uplink.Flow;

/// <summary>
/// What control has said about keeping metrics and logs back. It holds in this boot until an uptime, and nothing of it is kept: control says it
/// again to an agent that is started anew. Thread-safe.
/// </summary>
internal sealed class ControlPause(IBootClock boot, IEventSink events)
{
    private readonly Lock _gate = new();
    private AckPosition? _newest;
    private ulong _untilMs;
    private PauseCause _cause;

    /// <summary>It was begun, moved or ended. That it is over by itself is not told: see <see cref="Left"/>.</summary>
    public event Action? Changed;

    /// <summary>How long it goes on; zero when there is none.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                return LeftNow();
            }
        }
    }

    public PauseCause Cause
    {
        get
        {
            lock (_gate)
            {
                return _cause;
            }
        }
    }

    /// <summary>Takes it over, unless a newer one came before it, or it is for another boot.</summary>
    /// <param name="pause">What control said.</param>
    /// <param name="position">Where it said it: the relay may reorder.</param>
    public void Receive(Pause pause, AckPosition position)
    {
        TimeSpan before, left;
        lock (_gate)
        {
            if (pause.BootId != boot.BootId || (_newest is { } newest && !position.IsAfter(newest)))
            {
                return;
            }

            _newest = position;
            before = LeftNow();
            var now = boot.UptimeMs;
            _untilMs = Math.Min(pause.UntilUptimeMs, now + (ulong)Pause.Longest.TotalMilliseconds);
            _cause = pause.Cause;
            left = LeftNow();
        }

        Report(before, left, pause.Cause);
        Changed?.Invoke();
    }

    /// <summary>Only what an operator wants to know: a busy server must not get more to store for being busy.</summary>
    private void Report(TimeSpan before, TimeSpan left, PauseCause cause)
    {
        if (cause != PauseCause.Operator || (before == TimeSpan.Zero && left == TimeSpan.Zero))
        {
            return;
        }

        events.Report(left > TimeSpan.Zero
            ? new DeviceEvent(AgentEvents.Paused, DeviceEvent.Info, [new("seconds", Math.Round(left.TotalSeconds).ToString(CultureInfo.InvariantCulture))])
            : new DeviceEvent(AgentEvents.Resumed, DeviceEvent.Info, []));
    }

    private TimeSpan LeftNow() => boot.UptimeMs is var now && _untilMs > now ? TimeSpan.FromMilliseconds(_untilMs - now) : TimeSpan.Zero;
}
