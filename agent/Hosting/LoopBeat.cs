namespace Messaging.Agent.Hosting;

/// <summary>
/// What one loop of the agent says about itself: busy with a step, or waiting for its next one. A step that takes longer than its limit
/// is stuck, and so is a wait that should have ended long ago.
/// </summary>
/// <param name="name">For the log.</param>
/// <param name="limit">How long a step may take, and how much too late a wait may end.</param>
/// <param name="time">The clock.</param>
internal sealed class LoopBeat(string name, TimeSpan limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private TimeSpan? _allowed = limit;

    public string Name => name;

    /// <summary>True when it has to be taken for hung.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_gate)
            {
                return _allowed is { } allowed && time.GetElapsedTime(_since) > allowed;
            }
        }
    }

    /// <summary>A step begins.</summary>
    public void Busy() => Set(limit);

    /// <summary>Nothing to do until something happens, whenever that is.</summary>
    public void Idle() => Set(null);

    /// <summary>Nothing to do for this time.</summary>
    public void IdleFor(TimeSpan wait) => Set(wait + limit);

    private void Set(TimeSpan? allowed)
    {
        lock (_gate)
        {
            _since = time.GetTimestamp();
            _allowed = allowed;
        }
    }
}
