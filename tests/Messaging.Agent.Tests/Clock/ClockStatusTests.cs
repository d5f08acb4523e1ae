using Messaging.Agent.Clock;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Clock;

public sealed class ClockStatusTests
{
    private static readonly DateTimeOffset Signed = new(2027, 3, 4, 5, 6, 0, TimeSpan.Zero);
    private readonly TrustedClock _clock = new(new FixedBootClock());

    public ClockStatusTests() => _clock.Raise(Signed.ToUnixTimeMilliseconds());

    [Fact]
    public void Clock_BeforeWhatTheFleetHasSigned_IsAProblem()
    {
        var problem = Assert.Single(Problems(Signed.AddDays(-100)));

        Assert.Equal("clock", problem.Area);
        Assert.Contains("2026-11-24 05:06", problem.What, StringComparison.Ordinal);
        Assert.Contains("2027-03-04 05:06 or later", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_ThatMayBeRight_IsNone() => Assert.Empty(Problems(Signed.AddSeconds(1)));

    private List<StatusProblem> Problems(DateTimeOffset wall)
    {
        var status = new StatusBuilder();
        new ClockStatus(_clock, new FakeTimeProvider(wall)).Contribute(status);
        return status.Problems;
    }
}
