using Messaging.Agent.Transport.Metering;
using Messaging.Streams;

namespace Messaging.Agent.Uplink.Flow;

/// <summary>
/// What may be sent now. Control's pause, the day's data and the cost of the link hold metrics, logs and history back, each until a time that it
/// knows; events, reports of commands and what control asks for always go. The spool keeps the rest.
/// </summary>
internal sealed class UplinkFlow
{
    /// <summary>While history waits for its share of the day.</summary>
    private static readonly TimeSpan ShareInterval = TimeSpan.FromMinutes(1);
    private readonly ControlPause _pause;
    private readonly DataMeter _meter;
    private readonly LinkCost _link;

    public UplinkFlow(ControlPause pause, DataMeter meter, LinkCost link)
    {
        (_pause, _meter, _link) = (pause, meter, link);
        pause.Changed += OnChanged;
        meter.Changed += OnChanged;
        link.Changed += OnChanged;
    }

    /// <summary>Something may go that had to wait, or the other way round.</summary>
    public event Action? Changed;

    /// <summary>Metrics and logs wait.</summary>
    public bool IsBulkHeld => _pause.Left > TimeSpan.Zero || _meter.IsBulkHeld;

    /// <summary>And those of before.</summary>
    public bool IsHistoryHeld => IsBulkHeld || _link.HoldsHistory || _meter.IsHistoryHeld;

    /// <summary>For a longer time than a moment nothing may be heard of this device but events: said to the server, which would take it for gone.</summary>
    public bool IsQuiet => _link.IsMetered || _meter.IsBulkHeld || (_pause.Left > TimeSpan.Zero && _pause.Cause == PauseCause.Operator);

    /// <summary>Bytes a second of history; 0 is no limit.</summary>
    public long HistoryRate => _link.HistoryRate;

    /// <summary>When to look again without a change being told; infinite when nothing waits for a time.</summary>
    public TimeSpan Recheck
    {
        get
        {
            var pause = _pause.Left;
            var wait = pause > TimeSpan.Zero ? pause : Timeout.InfiniteTimeSpan;
            return _meter switch
            {
                { IsBulkHeld: true, Use.Left: var day } => Sooner(wait, day + TimeSpan.FromSeconds(1)),
                { IsHistoryHeld: true } => Sooner(wait, ShareInterval),
                _ => wait,
            };
        }
    }

    /// <summary>The shorter of two waits, of which each may be infinite.</summary>
    public static TimeSpan Sooner(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;

    /// <summary>Whether records of a stream may have to wait.</summary>
    public static bool IsBulk(uint stream) => stream is StreamId.Metrics or StreamId.Logs;

    private void OnChanged() => Changed?.Invoke();
}
