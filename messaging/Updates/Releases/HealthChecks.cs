namespace Messaging.Updates.Releases;

/// <summary>What must be true, all of it together, before an update counts as installed.</summary>
public sealed class HealthChecks
{
    /// <summary>The most of each kind.</summary>
    public const int MaxChecks = 16;

    /// <summary>The longest deadline, and the longest time for which they must pass.</summary>
    public const int MaxSeconds = 86_400;

    /// <summary>The shortest deadline.</summary>
    public const int MinDeadlineSeconds = 10;

    /// <summary>No checks besides the agent's own: for 30 s, within 10 minutes.</summary>
    public static HealthChecks None { get; } = new();

    /// <summary>For how long they must pass without a failure between.</summary>
    public int Seconds { get; init; } = 30;

    /// <summary>When they have not until then, it is unhealthy.</summary>
    public int DeadlineSeconds { get; init; } = 600;

    /// <summary>Units of systemd that are active.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>URLs (http or https) that answer with a status of 200 to 299.</summary>
    public IReadOnlyList<string> Http { get; init; } = [];

    /// <summary><c>host:port</c> that accept a connection.</summary>
    public IReadOnlyList<string> Tcp { get; init; } = [];

    /// <summary>Names of the device's scripts that exit with 0.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];
}
