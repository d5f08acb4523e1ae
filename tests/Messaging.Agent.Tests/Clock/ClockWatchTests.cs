using Messaging.Agent.Clock;
using Messaging.Time;

namespace Messaging.Agent.Tests.Clock;

public sealed class ClockWatchTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly BeaconSeen Beacon = new(Now, 900, 1000);
    private readonly ClockWatch _watch = new();

    [Fact]
    public void Look_ForTheFirstTime_TellsNothing() => Assert.Empty(Look(WallState.Believed));

    [Fact]
    public void Look_WhenTheClockWasSet_TellsByHowMuch()
    {
        Look(WallState.NotSynchronised);

        var jumped = Assert.Single(Look(WallState.NotSynchronised, later: 10_000, offset: -5000));

        Assert.Equal(ClockEvents.Jumped, jumped.Name);
        Assert.Equal([new("by.ms", "-5000"), new("to", "2027-01-15T08:00:05Z")], jumped.Attributes);
        Assert.Empty(Look(WallState.NotSynchronised, later: 20_000, offset: -5000));
    }

    [Theory]
    [InlineData(10_000, 1999)]
    [InlineData(7_200_000, 0)]
    public void Look_WhenTheClockWasSlewedOrTheMachineSlept_TellsNothing(long later, long offset)
    {
        Look(WallState.Believed);

        Assert.Empty(Look(WallState.Believed, later, offset));
    }

    [Fact]
    public void Look_WhenTheTimeBecomesKnown_TellsByWhat()
    {
        Look(WallState.NotSynchronised);
        Assert.Equal([new("by", "beacon"), new("was", "lower-bound")], Assert.Single(Look(WallState.NotSynchronised, beacon: Beacon)).Attributes);
        Assert.Equal([new("by", "synchronised"), new("was", "beacon")], Assert.Single(Look(WallState.Believed, beacon: Beacon)).Attributes);

        Assert.Equal(ClockEvents.Unknown, Assert.Single(Look(WallState.NotSynchronised)).Name);
    }

    [Fact]
    public void Look_WhenTheClockIsFoundToBeWrong_TellsItOnce()
    {
        Look(WallState.NotSynchronised);

        var wrong = Look(WallState.Contradicted, beacon: Beacon).Single(one => one.Name == ClockEvents.Wrong);

        Assert.Equal(new("reason", "contradicted"), wrong.Attributes[0]);
        Assert.Empty(Look(WallState.Contradicted, beacon: Beacon));
        Assert.DoesNotContain(Look(WallState.Behind), one => one.Name == ClockEvents.Wrong);
    }

    private List<Agent.Events.DeviceEvent> Look(WallState state, long later = 0, long offset = 0, BeaconSeen? beacon = null) =>
        [.. _watch.Look(new WallReading(Now + later + offset, 1000 + later, state), beacon)];
}
