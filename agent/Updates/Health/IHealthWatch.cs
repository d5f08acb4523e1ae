using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Health;

/// <summary>Whether what was switched works.</summary>
internal interface IHealthWatch
{
    /// <summary>Returns null when all has passed for long enough, or what did not when the time was over.</summary>
    /// <param name="checks">What must be true.</param>
    /// <param name="tell">Gets what is waited for, when it changes, and how much time is left.</param>
    /// <param name="ct">Ends it.</param>
    Task<string?> WatchAsync(HealthChecks checks, Action<string, TimeSpan> tell, CancellationToken ct);
}
