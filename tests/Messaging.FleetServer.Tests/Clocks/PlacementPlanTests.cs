using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Clocks;

public sealed class PlacementPlanTests
{
    private const long Day0 = 1_800_000_000_000;
    private const long Hour = 3_600_000;
    private const long Minute = 60_000;

    [Fact]
    public void Decide_OfABootWithAnAnchor_PlacesByIt()
    {
        var boot = Boot(1, 1, Hour, anchoredAt: Day0);

        Assert.IsType<Placing.ByAnchors>(Decide(boot, [boot]));
    }

    [Theory]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void Decide_OfTheRunningBoot_TakesTheFastestRecordAfterAMinute(long later, bool isPlaced)
    {
        var boot = Boot(1, 1, Hour);

        var placing = PlacementPlan.Decide(boot, [boot], Day0, static _ => true, Day0 + later);

        Assert.Equal(isPlaced, placing is Placing.ByReceipt { Anchor: { Source: AnchorSource.Receipt } anchor } && anchor.StartUnixMs == boot.LatestStart);
    }

    [Fact]
    public void Decide_OfABootBetweenTwo_SharesTheTimeThatTheDeviceWasOff()
    {
        var before = Boot(1, 1, Hour, anchoredAt: Day0);
        var boot = Boot(2, 5, 2 * Hour);
        var after = Boot(3, 9, Hour, anchoredAt: Day0 + (9 * Hour));

        // From 1 h to 9 h, of which it ran for 2.
        Assert.Equal([(2, Day0 + (4 * Hour))], Estimate(boot, [after, boot, before]));
    }

    [Fact]
    public void Decide_OfSeveralBootsInARow_PlacesThemInTheOrderOfTheirEpochs()
    {
        var all = new[] { Boot(1, 1, Hour, anchoredAt: Day0), Boot(2, 8, Hour), Boot(3, 4, Hour), Boot(4, 9, Hour, anchoredAt: Day0 + (6 * Hour)) };

        Assert.Equal([(3, Day0 + (2 * Hour)), (2, Day0 + (4 * Hour))], Estimate(all[1], all));
    }

    [Fact]
    public void Decide_OfTheFirstBootOfADevice_EndsWhereTheNextBegins()
    {
        var boot = Boot(1, 1, 2 * Hour);

        Assert.Equal([(1, Day0 + (7 * Hour))], Estimate(boot, [boot, Boot(2, 2, Hour, anchoredAt: Day0 + (9 * Hour))]));
    }

    [Fact]
    public void Decide_OfABootThatRanLongerThanThereIsRoom_EndsWhereTheNextBegins()
    {
        var boot = Boot(2, 2, 50 * Hour);

        Assert.Equal(
            [(2, Day0 - (40 * Hour))],
            Estimate(boot, [Boot(1, 1, Hour, anchoredAt: Day0), boot, Boot(3, 3, Hour, anchoredAt: Day0 + (10 * Hour))]));
    }

    [Fact]
    public void Decide_OfABootThatALogDatesInTheRoomThatThereIs_TakesTheLogsWord()
    {
        var boot = Boot(2, 2, Hour);
        boot.Add(new Anchor(0, Day0 + (3 * Hour), 1, AnchorSource.Log));
        var all = new[] { Boot(1, 1, Hour, anchoredAt: Day0), boot, Boot(3, 3, Hour, anchoredAt: Day0 + (9 * Hour)) };

        Assert.Equal([(2, Day0 + (3 * Hour))], Estimate(boot, all));
    }

    [Fact]
    public void Decide_OfABootThatALogDatesOutOfOrder_DoesNotBelieveTheLog()
    {
        var boot = Boot(2, 2, Hour);
        boot.Add(new Anchor(0, Day0 - (300 * Hour), 1, AnchorSource.Log));
        var all = new[] { Boot(1, 1, Hour, anchoredAt: Day0), boot, Boot(3, 3, Hour, anchoredAt: Day0 + (9 * Hour)) };

        Assert.Equal([(2, Day0 + (4 * Hour) + (Hour / 2))], Estimate(boot, all));
    }

    [Fact]
    public void Decide_WhileRecordsOfTheBootAreOnTheirWay_WaitsForThemADay()
    {
        var boot = Boot(1, 1, Hour);
        var all = new[] { boot, Boot(2, 2, Hour, anchoredAt: Day0) };

        Assert.IsType<Placing.Waiting>(PlacementPlan.Decide(boot, all, 0, static _ => false, boot.LastRecordAt + (24 * Hour) - 1));
        Assert.IsType<Placing.ByEstimate>(PlacementPlan.Decide(boot, all, 0, static _ => false, boot.LastRecordAt + (24 * Hour)));
    }

    [Fact]
    public void Decide_WhileTheNextBootIsNotKnownEither_Waits()
    {
        var boot = Boot(1, 1, Hour);

        Assert.IsType<Placing.Waiting>(Decide(boot, [boot, Boot(2, 2, Hour)]));
    }

    [Fact]
    public void Decide_OfABootThatWasEstimated_KeepsItsPlaceUntilAnAnchorComes()
    {
        var boot = BootTimeline.Stored(1, BootId.Generate(), 1, Hour, Day0, Day0, Day0 - (9 * Hour), true, []);
        Assert.Empty(((Placing.ByEstimate)Decide(boot, [boot])).Starts);

        boot.Add(new Anchor(0, Day0 - (5 * Hour), 50, AnchorSource.Beacon));

        Assert.IsType<Placing.ByAnchors>(Decide(boot, [boot]));
    }

    [Fact]
    public void Decide_OfABootOfALogAlone_GoesByTheLogOrBeforeEverythingElse()
    {
        var silent = Boot(1, null, Hour);
        var known = Boot(2, 1, Hour, anchoredAt: Day0);
        Assert.Equal([(1, Day0 - Hour)], Estimate(silent, [silent, known]));

        silent.Add(new Anchor(Hour, Day0 - (50 * Hour), 1, AnchorSource.Log));

        Assert.Equal([(1, Day0 - (51 * Hour))], Estimate(silent, [silent, known]));
    }

    private static BootTimeline Boot(long id, ulong? firstEpoch, long lasted, long? anchoredAt = null) => BootTimeline.Stored(
        id, BootId.Generate(), firstEpoch, lasted, Day0 + (100 * Hour), Day0 + (90 * Hour), null, true,
        anchoredAt is { } at ? [new Anchor(0, at, 50, AnchorSource.Beacon)] : []);

    private static Placing Decide(BootTimeline boot, IReadOnlyList<BootTimeline> all) =>
        PlacementPlan.Decide(boot, all, Day0, static _ => true, Day0 + (101 * Hour));

    private static IEnumerable<(long, long)> Estimate(BootTimeline boot, IReadOnlyList<BootTimeline> all) =>
        Assert.IsType<Placing.ByEstimate>(Decide(boot, all)).Starts;
}
