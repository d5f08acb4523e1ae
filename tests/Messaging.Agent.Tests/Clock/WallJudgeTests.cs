using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Time;

namespace Messaging.Agent.Tests.Clock;

public sealed class WallJudgeTests
{
    private const long Now = 1_800_000_000_000;
    private const long Minute = 60_000;

    [Theory]
    [InlineData(Now, WallState.Believed)]
    [InlineData(Now + (3650L * 24 * 60 * Minute), WallState.Believed)]
    [InlineData(Now - (5 * Minute), WallState.Believed)]
    [InlineData(Now - (5 * Minute) - 1, WallState.Behind)]
    [InlineData(0, WallState.Behind)]
    internal void Judge_OfASynchronisedClock_BelievesItFromTheLowerBoundOn(long wall, WallState expected) => Assert.Equal(expected, Judge(wall));

    [Theory]
    [InlineData(-5 * Minute, WallState.Believed)]
    [InlineData((-5 * Minute) - 1, WallState.Contradicted)]
    [InlineData((5 * Minute) + 400, WallState.Believed)]
    [InlineData((5 * Minute) + 401, WallState.Contradicted)]
    internal void Judge_WithABeacon_BelievesWhatIsNearIt(long offset, WallState expected) =>
        Assert.Equal(expected, Judge(Now + 10_000 + offset, beacon: new BeaconSeen(Now, 40_000, 40_400), uptime: 50_400));

    [Theory]
    [InlineData(ClockOptions.Synchronised, false, WallState.NotSynchronised)]
    [InlineData(ClockOptions.Always, false, WallState.Believed)]
    [InlineData(ClockOptions.Never, true, WallState.Distrusted)]
    internal void Judge_ByTheConfiguration_Decides(string believe, bool isSynchronised, WallState expected) =>
        Assert.Equal(expected, Judge(Now, believe, isSynchronised));

    [Fact]
    public void Judge_OfAClockThatIsCertainlyWrong_BelievesItNotEvenWhenConfigured()
    {
        Assert.Equal(WallState.Behind, Judge(Now - (6 * Minute), ClockOptions.Always));
        Assert.Equal(WallState.Contradicted, Judge(Now, ClockOptions.Always, beacon: new BeaconSeen(Now + (9 * Minute), 1, 2), uptime: 2));
    }

    private static WallState Judge(
        long wall, string believe = ClockOptions.Synchronised, bool isSynchronised = true, BeaconSeen? beacon = null, long uptime = 1000) =>
        WallJudge.Judge(wall, uptime, Now, beacon, believe, () => isSynchronised);
}
