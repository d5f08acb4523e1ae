namespace Messaging.Agent.Collect.Processes;

/// <summary>What is remembered about a process from one collection to the next.</summary>
internal sealed class ProcessEntry(int id, long startTicks)
{
    public int Id { get; } = id;

    public long StartTicks { get; } = startTicks;

    public long Ticks { get; set; }

    /// <summary>Since the collection before; -1 when it was not there then.</summary>
    public long TicksUsed { get; set; } = -1;

    public long ResidentPages { get; set; }

    /// <summary>The collection that last saw it.</summary>
    public long Generation { get; set; }

    /// <summary>The collection that last reported it.</summary>
    public long ReportedIn { get; set; }

    /// <summary>Made when it is first reported.</summary>
    public AttributeSet? Attributes { get; set; }
}
