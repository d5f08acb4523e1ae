namespace Messaging.Agent.Hosting;

/// <summary>The loops that must not hang: as long as none does, the watchdog is fed.</summary>
/// <param name="unit">How long a step may take.</param>
/// <param name="time">The clock.</param>
internal sealed class LoopBeats(TimeSpan unit, TimeProvider time)
{
    /// <summary>What a step on this machine may take: reading, sealing, writing to a slow card.</summary>
    public const int Step = 1;

    /// <summary>What an exchange over the network may take, which has timeouts of its own.</summary>
    public const int Exchange = 4;

    private readonly Lock _gate = new();
    private readonly List<LoopBeat> _beats = [];

    /// <summary>The names of those that hang, in the order of their beginning.</summary>
    public IReadOnlyList<string> Stuck
    {
        get
        {
            lock (_gate)
            {
                return [.. _beats.Where(beat => beat.IsStuck).Select(beat => beat.Name)];
            }
        }
    }

    /// <param name="name">For the log.</param>
    /// <param name="steps">The limit, in units.</param>
    public LoopBeat Add(string name, int steps)
    {
        var beat = new LoopBeat(name, unit * steps, time);
        lock (_gate)
        {
            _beats.Add(beat);
        }

        return beat;
    }
}
