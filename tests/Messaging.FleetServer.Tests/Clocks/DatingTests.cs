using Messaging.FleetServer.Clocks;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Clocks;

public sealed class DatingTests
{
    private const long Start = 1_800_000_000_000;
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private readonly BootTimeline _boot = new(BootId.Generate());

    [Fact]
    public void Of_ABatchWithAClock_IsExactAndMonotonicTimeDecides()
    {
        var dating = Closed(Hour, wall: Start + Hour, receivedAt: Start + Hour + 50);

        Assert.Equal((TimeQuality.Exact, Start + 5), (dating.Quality, dating.UnixMs(5)));
        Assert.Equal(AnchorSource.Device, Assert.Single(_boot.Anchors).Source);
    }

    [Fact]
    public void Of_ABatchAfterTheClockWasSet_DatesWhatCameBeforeByTheClockOfThen()
    {
        Closed(Hour, wall: Start + Hour, receivedAt: Start + Hour);

        Assert.Equal(Start + (9 * Minute) + Hour - 5000, Closed(2 * Hour, wall: Start + (2 * Hour) + (9 * Minute), receivedAt: Start + (3 * Hour)).UnixMs(Hour - 5000));
    }

    [Fact]
    public void Of_ABatchWithoutAClockOfABootThatIsKnown_IsAnchored()
    {
        _boot.Add(new Anchor(Hour, Start + Hour, 50, AnchorSource.Beacon));

        var dating = Closed(10 * Minute, wall: null, receivedAt: Start + (5 * Hour));

        Assert.Equal((TimeQuality.Anchored, Start + 7), (dating.Quality, dating.UnixMs(7)));
    }

    [Fact]
    public void Of_ABatchWithoutAClockOfABootThatIsNotKnown_IsUnplacedAndShownAtItsArrival()
    {
        var dating = Closed(10 * Minute, wall: null, receivedAt: Start + (5 * Hour));

        Assert.Equal((TimeQuality.Unplaced, Start + (5 * Hour)), (dating.Quality, dating.UnixMs(7)));
    }

    [Fact]
    public void Of_ABatchOfABootThatOnlyALogDates_IsUnplaced()
    {
        _boot.Add(new Anchor(Hour, Start, 1, AnchorSource.Log));

        Assert.Equal(TimeQuality.Unplaced, Closed(1, wall: null, receivedAt: Start + Hour).Quality);
    }

    [Theory]
    [InlineData(2 * Minute, TimeQuality.Exact)]
    [InlineData((2 * Minute) + 1, TimeQuality.Unplaced)]
    [InlineData(3650L * 24 * Hour, TimeQuality.Unplaced)]
    [InlineData(-1_800_000_000_000 + 5, TimeQuality.Unplaced)]
    internal void Of_AClockThatSaysWhatCannotBe_IsNotBelieved(long ahead, TimeQuality expected) =>
        Assert.Equal(expected, Closed(Hour, wall: Start + ahead, receivedAt: Start).Quality);

    [Theory]
    [InlineData(0, TimeQuality.Exact)]
    [InlineData(-6 * Minute, TimeQuality.Anchored)]
    internal void Of_AClockThatABeaconContradicts_IsDatedByTheBeacon(long off, TimeQuality expected)
    {
        _boot.Add(new Anchor(Hour, Start + Hour, 50, AnchorSource.Beacon));

        Assert.Equal(expected, Closed(Hour, wall: Start + Hour + off, receivedAt: Start + (9 * Hour)).Quality);
    }

    [Theory]
    [InlineData(-9 * Hour, TimeQuality.Exact)]
    [InlineData(5 * Minute, TimeQuality.Anchored)]
    internal void Of_AClockAndAReceiptThatMayHaveBeenHeldBack_IsBelievedIfItIsEarlier(long off, TimeQuality expected)
    {
        _boot.Add(new Anchor(Hour, Start + Hour, 2000, AnchorSource.Receipt));

        Assert.Equal(expected, Closed(Hour, wall: Start + Hour + off, receivedAt: Start + (90 * Hour)).Quality);
    }

    [Fact]
    public void UnixMs_OfWhatWouldBeStillToCome_IsTheArrival()
    {
        _boot.Add(new Anchor(0, Start, 50, AnchorSource.Beacon));

        Assert.Equal(Start + Dating.ToleranceMs, Closed(1, wall: null, receivedAt: Start).UnixMs(900 * Hour));
    }

    [Fact]
    public void UnixMs_OfUptimesBeyond32Bits_IsRight()
    {
        var days = 60L * 24 * Hour;
        _boot.Add(new Anchor(days, Start + days, 50, AnchorSource.Beacon));

        Assert.Equal(Start + days + 500, Closed(days + 900, wall: null, receivedAt: Start + days + 1000).UnixMs(days + 500));
    }

    [Theory]
    [InlineData(0L, TimeQuality.Exact, Start + 5)]
    [InlineData(Hour, TimeQuality.Estimated, Start + 5)]
    internal void Loose_OfABootForWhichThereIsNoRoom_GoesByTheClockOrTheArrival(long ahead, TimeQuality quality, long expected)
    {
        var dating = Dating.Loose(new BootTime(_boot.Boot, Start + Hour + ahead, Hour), Start + Hour);

        Assert.Equal((quality, expected), (dating.Quality, dating.UnixMs(5)));
    }

    private Dating Closed(long mono, long? wall, long receivedAt) => Dating.Of(_boot, new BootTime(_boot.Boot, wall, mono), receivedAt);
}
