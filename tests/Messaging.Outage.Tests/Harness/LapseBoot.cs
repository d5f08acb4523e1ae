using Messaging.Agent.Clock;
using Messaging.Wire;

namespace Messaging.Outage.Tests.Harness;

/// <summary>One boot of the simulated machine.</summary>
internal sealed class LapseBoot(TimeProvider time) : IBootClock
{
    private readonly DateTimeOffset _began = time.GetUtcNow();

    public BootId BootId { get; } = BootId.Generate();

    public ulong UptimeMs => (ulong)(time.GetUtcNow() - _began).TotalMilliseconds;
}
