using Messaging.Agent.Events;

namespace Messaging.Agent.Collect.Scheduling;

internal sealed partial class CollectorRunner
{
    /// <returns>Null, or why there are no samples.</returns>
    private async Task<string?> CollectAsync(CancellationToken ct)
    {
        if (_hung is { IsCompleted: false })
        {
            return Health.Problem;
        }

        _hung = null;
        _buffer.Clear();
        var began = _time.GetTimestamp();
        var monotonicMs = (long)_boot.UptimeMs;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var buffer = _buffer;

        // On the pool: a collector that blocks in a system call holds up nobody but itself.
        var collection = Task.Run(() => _collector.CollectAsync(buffer, deadline.Token).AsTask(), CancellationToken.None);
        try
        {
            await collection.WaitAsync(_deadline, _time, ct);
            _accumulator.Add(monotonicMs, buffer.Samples);
            Become(Health.Succeeded(_time.GetUtcNow(), _time.GetElapsedTime(began), buffer.Samples.Length));
            return null;
        }
        catch (TimeoutException) when (!collection.IsCompleted)
        {
            // It may still write: leave it its buffer, and do not ask again before it has come back.
            _buffer = new SampleBuffer();
            _hung = collection;
            Observe(collection);
            await deadline.CancelAsync();
            Become(Health.Unsuccessful(CollectorState.Hanging, $"took longer than {_deadline.TotalSeconds:0.###} s"));
        }
        catch (CollectorUnavailableException e)
        {
            Become(Health.Unsuccessful(CollectorState.Unavailable, e.Message));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it is, it is this collector's problem alone, and reported.
            LogFailed(e, Name);
            Become(Health.Unsuccessful(CollectorState.Failing, e.Message));
        }

        return Health.Problem;
    }

    /// <summary>Only changes are events: what goes on failing is on the status screen.</summary>
    private void Become(CollectorHealth next)
    {
        var before = Health;
        Volatile.Write(ref _health, next);
        if (before.State == next.State && (next.State == CollectorState.Ok || before.Problem == next.Problem))
        {
            return;
        }

        switch (next.State)
        {
            case CollectorState.Ok when before.State is CollectorState.Failing or CollectorState.Hanging:
                LogRecovered(Name);
                _events.Report(new("collector.recovered", DeviceEvent.Info, [new("collector", Name)]));
                break;
            case CollectorState.Failing:
                _events.Report(new("collector.failed", DeviceEvent.Warning, [new("collector", Name), new("reason", next.Problem!)]));
                break;
            case CollectorState.Hanging:
                LogHanging(Name, _deadline.TotalSeconds);
                _events.Report(new("collector.hanging", DeviceEvent.Warning, [new("collector", Name), new("reason", next.Problem!)]));
                break;
            case CollectorState.Unavailable:
                LogUnavailable(Name, next.Problem!);
                _events.Report(new("collector.unavailable", DeviceEvent.Info, [new("collector", Name), new("reason", next.Problem!)]));
                break;
        }
    }

    /// <summary>What it ends with, long after its deadline, changes nothing but is logged.</summary>
    private void Observe(Task hung) => _ = hung.ContinueWith(
        (task, _) =>
        {
            if (task.Exception is { } e)
            {
                LogCameBack(e.InnerException ?? e, Name);
            }

            Wake();
        },
        null,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
