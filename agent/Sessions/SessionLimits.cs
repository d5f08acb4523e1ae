using Messaging.Agent.Configuration;

namespace Messaging.Agent.Sessions;

/// <summary>How long a session may last, in milliseconds.</summary>
internal sealed class SessionLimits(SessionOptions options)
{
    /// <summary>From the command to the client's first word.</summary>
    public long Introduction { get; init; } = 30_000;

    /// <summary>How long the client may be away; it comes back to the same session.</summary>
    public long Silence { get; init; } = (long)options.Resume.TotalMilliseconds;

    public long Idle { get; init; } = (long)options.Idle.TotalMilliseconds;

    public long Longest { get; init; } = (long)options.Longest.TotalMilliseconds;
}
