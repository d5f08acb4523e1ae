using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Clocks;

public sealed class BootTimelineTests
{
    private const long Start = 1_800_000_000_000;
    private const long Hour = 3_600_000;
    private readonly BootTimeline _boot = new(BootId.Generate());

    [Fact]
    public void Nearest_OfSeveralAnchors_IsTheOneWithTheSmallestError()
    {
        var beacon = Anchor(0, 0, 50, AnchorSource.Beacon);
        var receipt = Anchor(24 * Hour, 3000, 2000, AnchorSource.Receipt);
        Add(beacon, receipt);

        Assert.Equal(beacon, _boot.Nearest(Hour));
        Assert.Equal(receipt, _boot.Nearest(24 * Hour));
    }

    [Fact]
    public void Nearest_OfALogAndABeaconFarAway_IsTheBeacon()
    {
        var beacon = Anchor(90 * 24 * Hour, 0, 50, AnchorSource.Beacon);
        Add(Anchor(0, -900_000_000, 1, AnchorSource.Log), beacon);

        Assert.Equal(beacon, _boot.Nearest(0));
    }

    [Fact]
    public void Add_OfAFasterReceiptWithinAnHour_TakesThePlaceOfTheSlower()
    {
        Add(Anchor(1000, 700, 2000, AnchorSource.Receipt), Anchor(2000, 40, 2000, AnchorSource.Receipt), Anchor(3000, 900, 2000, AnchorSource.Receipt));

        Assert.Equal(Start + 40, Assert.Single(_boot.Anchors).StartUnixMs);
    }

    [Fact]
    public void Add_OfTheDevicesClockThatWasSet_TakesItsNewestWord()
    {
        Add(Anchor(1000, 0, 1000, AnchorSource.Device), Anchor(2000, 500, 1000, AnchorSource.Device));
        Assert.Equal(Start, Assert.Single(_boot.Anchors).StartUnixMs);

        Add(Anchor(3000, -60_000, 1000, AnchorSource.Device));

        Assert.Equal(Start - 60_000, Assert.Single(_boot.Anchors).StartUnixMs);
    }

    [Fact]
    public void Add_OfAnchorsWithoutEnd_KeepsABoundedNumberAndTheNewest()
    {
        for (var i = 0; i < 1000; i++)
        {
            Add(Anchor(i * Hour, i, 2000, AnchorSource.Receipt));
        }

        Assert.InRange(_boot.Anchors.Count, BootTimeline.MaxAnchors / 2, BootTimeline.MaxAnchors);
        Assert.Contains(_boot.Anchors, static anchor => anchor.MonoMs == 999 * Hour);
        Assert.Contains(_boot.Anchors, static anchor => anchor.MonoMs == 0);
    }

    [Fact]
    public void Note_OfEpochs_KeepsTheLowestNumberAndTheFastestRecord()
    {
        _boot.NoteEpoch(7, 5000, Start + 9000);
        _boot.NoteEpoch(6, 1000, Start + 9000);
        _boot.Note(8000, Start + 8100);

        Assert.Equal((6UL, 8000L, Start + 100), (_boot.FirstEpoch!.Value, _boot.LastMonoMs, _boot.LatestStart));
        Assert.True(_boot.IsChanged);
    }

    [Fact]
    public void Note_WithinAMinuteOfWhatIsStored_IsNoWrite()
    {
        _boot.Note(1000, Start);
        _boot.Id = 5;
        _boot.Written();

        _boot.Note(60_999, Start + 60_000);
        Assert.False(_boot.IsChanged);
        _boot.Note(61_000, Start + 60_001);
        Assert.True(_boot.IsChanged);
    }

    private static Anchor Anchor(long mono, long late, long uncertainty, AnchorSource source) => new(mono, Start + mono + late, uncertainty, source);

    private void Add(params Anchor[] anchors)
    {
        foreach (var anchor in anchors)
        {
            _boot.Add(anchor);
        }
    }
}
