namespace Messaging.FleetServer.Tests.Harness;

/// <summary>Timers that fire when told, even after they were disposed: a callback that was on its way does so.</summary>
internal sealed class LateTimers : TimeProvider
{
    private readonly List<Action> _callbacks = [];

    public int Count => _callbacks.Count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _callbacks.Add(() => callback(state));
        return new Timer();
    }

    public void Fire() => _callbacks.ForEach(callback => callback());

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // Its callback may still come.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
