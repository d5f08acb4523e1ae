using System.Threading.Channels;
using Messaging.Agent.Clock;
using Messaging.Agent.Events;
using Messaging.Agent.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>
/// Drives one collector: at its interval, at once when asked, never twice at the same time, never longer than the deadline.
/// </summary>
internal sealed partial class CollectorRunner
{
    /// <summary>What is missing on a machine may be plugged in or started later.</summary>
    private static readonly TimeSpan UnavailableInterval = TimeSpan.FromMinutes(10);

    private const string Stopping = "the agent is stopping";

    private readonly ICollector _collector;
    private readonly IntervalTable _intervals;
    private readonly MetricAccumulator _accumulator;
    private readonly IBootClock _boot;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ILogger _logger;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _requestsLock = new();
    private List<TaskCompletionSource<string?>> _requests = [];
    private SampleBuffer _buffer = new();
    private Task? _hung;
    private CollectorHealth _health = CollectorHealth.Initial;

    public CollectorRunner(
        ICollector collector,
        IntervalTable intervals,
        MetricAccumulator accumulator,
        IBootClock boot,
        IEventSink events,
        TimeProvider time,
        TimeSpan deadline,
        ILogger logger)
    {
        _collector = collector;
        _intervals = intervals;
        _accumulator = accumulator;
        _boot = boot;
        _events = events;
        _time = time;
        _deadline = collector.Deadline(deadline);
        _logger = logger;
    }

    public string Name => _collector.Name;

    public CollectorHealth Health => Volatile.Read(ref _health);

    /// <summary>The intervals may have changed.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Collects as soon as possible.</summary>
    /// <returns>Null, or why it did not succeed.</returns>
    public Task<string?> CollectNowAsync(CancellationToken ct)
    {
        var request = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_requestsLock)
        {
            _requests.Add(request);
        }

        Wake();
        return request.Task.WaitAsync(ct);
    }

    public async Task RunAsync(CancellationToken ct, LoopBeat? beat = null)
    {
        using var timer = _time.CreateTimer(static state => ((CollectorRunner)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var last = (long?)null;
        try
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                beat?.Busy();
                var requests = TakeRequests();
                var wait = last is { } at ? Interval() - _time.GetElapsedTime(at) : TimeSpan.Zero;
                if (wait <= TimeSpan.Zero)
                {
                    last = OnGrid(last, Interval());
                }

                if (requests.Count > 0 || wait <= TimeSpan.Zero)
                {
                    await CollectAsync(requests, ct);
                    continue;
                }

                timer.Change(wait, Timeout.InfiniteTimeSpan);
                beat?.IdleFor(wait);
                await _wake.Reader.ReadAsync(ct);
            }
        }
        finally
        {
            TakeRequests().ForEach(request => request.TrySetResult(Stopping));
        }
    }

    private TimeSpan Interval() =>
        Health.State == CollectorState.Unavailable && UnavailableInterval is var slow && slow > _intervals.Get(Name).Interval
            ? slow
            : _intervals.Get(Name).Interval;

    /// <summary>Due times stay on the grid of the interval: a late start does not shift the later ones, and none is made up for.</summary>
    private long OnGrid(long? last, TimeSpan interval)
    {
        var now = _time.GetTimestamp();
        var ticks = (long)(interval.TotalSeconds * _time.TimestampFrequency);
        return last is { } at ? at + ((now - at) / ticks * ticks) : now;
    }

    private async Task CollectAsync(List<TaskCompletionSource<string?>> requests, CancellationToken ct)
    {
        var outcome = Stopping;
        try
        {
            outcome = await CollectAsync(ct);
        }
        finally
        {
            requests.ForEach(request => request.TrySetResult(outcome));
        }
    }

    private List<TaskCompletionSource<string?>> TakeRequests()
    {
        lock (_requestsLock)
        {
            if (_requests.Count == 0)
            {
                // Never the list itself: others add to it.
                return [];
            }

            var requests = _requests;
            _requests = [];
            return requests;
        }
    }
}
