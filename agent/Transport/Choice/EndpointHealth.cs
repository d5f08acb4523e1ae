namespace Messaging.Agent.Transport.Choice;

/// <summary>What is remembered of one endpoint while the agent runs.</summary>
internal sealed class EndpointHealth
{
    /// <summary>Attempts in a row that were answered but took too long.</summary>
    public int SlowAttempts { get; set; }

    /// <summary>Connections in a row that broke soon, without a word of the relay.</summary>
    public int EarlyLosses { get; set; }

    /// <summary>How often the keep-alive was halved.</summary>
    public int Halvings { get; set; }

    /// <summary>How often it was put behind the others.</summary>
    public int Demotions { get; set; }

    /// <summary>Until then it comes after the others, on the agent's own clock.</summary>
    public TimeSpan DemotedUntil { get; set; } = TimeSpan.MinValue;
}
