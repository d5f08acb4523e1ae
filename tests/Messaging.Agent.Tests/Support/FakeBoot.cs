using Messaging.Agent.Clock;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Support;

/// <summary>A machine whose uptime goes on with a test's time, from where the test says.</summary>
internal sealed class FakeBoot(TimeProvider time, ulong uptimeMs = 1000) : IBootClock
{
    private readonly long _began = time.GetTimestamp();

    public BootId BootId { get; init; } = BootId.Generate();

    public ulong SuspendedMs { get; set; }

    public ulong UptimeMs => uptimeMs + SuspendedMs + (ulong)time.GetElapsedTime(_began).TotalMilliseconds;
}
