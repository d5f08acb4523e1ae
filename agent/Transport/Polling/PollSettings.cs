using Messaging.Wire;

namespace Messaging.Agent.Transport.Polling;

/// <summary>The times of one tunnel.</summary>
internal sealed record PollSettings
{
    /// <summary>How long the relay may hold an answer back.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(LongPoll.MaxWaitSeconds);

    /// <summary>What a request may take beyond what it is held.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request is repeated before the tunnel is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two attempts at first; doubles.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the last bytes may take when the tunnel is closed.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);
}
