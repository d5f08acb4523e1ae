using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Time;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Clock;

public sealed class ClockStatusTests
{
    private static readonly DateTimeOffset Signed = new(2027, 3, 4, 5, 6, 0, TimeSpan.Zero);
    private readonly FixedBootClock _boot = new();
    private readonly TrustedClock _clock;
    private readonly FakeDiscipline _discipline = new();

    public ClockStatusTests()
    {
        _clock = new TrustedClock(_boot);
        _clock.RaiseRoot(Signed.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Clock_BeforeWhatTheFleetHasSigned_IsAProblem()
    {
        var status = Status(Signed.AddDays(-100));

        var problem = Assert.Single(status.Problems);
        Assert.Equal("clock", problem.Area);
        Assert.Contains("2026-11-24 05:06", problem.What, StringComparison.Ordinal);
        Assert.Contains("2027-03-04 05:06 or later", problem.What, StringComparison.Ordinal);
        Assert.Equal(("lower-bound", "behind", Signed), (status.Time!.KnownBy, status.Time.Clock, status.Time.NotBefore));
    }

    [Fact]
    public void Clock_ThatMayBeRight_IsNone()
    {
        var status = Status(Signed.AddSeconds(1));

        Assert.Empty(status.Problems);
        Assert.Equal(("synchronised", "believed"), (status.Time!.KnownBy, status.Time.Clock));
    }

    [Fact]
    public void Clock_ThatNobodyKeepsRight_IsNoProblemButIsNotBelieved()
    {
        _discipline.IsSynchronised = false;

        var status = Status(Signed.AddSeconds(1));

        Assert.Empty(status.Problems);
        Assert.Equal(("lower-bound", "not-synchronised", (long?)null), (status.Time!.KnownBy, status.Time.Clock, status.Time.BeaconAge));
    }

    [Fact]
    public void Clock_ThatABeaconContradicts_IsAProblemAndTheBeaconIsWhatIsKnown()
    {
        _clock.Take(default(PrincipalId), new BeaconSeen(Signed.AddDays(5).ToUnixTimeMilliseconds(), 200, 900));

        var status = Status(Signed.AddDays(6));

        Assert.Contains("but the fleet says 2027-03-09", Assert.Single(status.Problems).What, StringComparison.Ordinal);
        Assert.Equal(("beacon", "contradicted", 100L, 700L), (status.Time!.KnownBy, status.Time.Clock, status.Time.BeaconAge, status.Time.UncertaintyMs));
    }

    private StatusBuilder Status(DateTimeOffset wall)
    {
        var status = new StatusBuilder();
        var clock = new WallClock(new FakeTimeProvider(wall), _boot, _clock, _discipline, new AgentOptions());
        new ClockStatus(_clock, clock, _boot).Contribute(status);
        return status;
    }
}
