using Messaging.FleetServer.Events;
using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Tests.Telemetry.Queries;

public sealed class DownsamplingTests
{
    private const long Start = 1_700_000_000_000;
    private static readonly SeriesAggregate[] Aggregates = [SeriesAggregate.Shape, SeriesAggregate.Average, SeriesAggregate.Minimum, SeriesAggregate.Maximum];

    /// <summary>How many points, and after how many of them there is a gap each time.</summary>
    public static TheoryData<int, int> Collections => new()
    {
        { 0, 1000 }, { 1, 1000 }, { 2, 1000 }, { 7, 1000 }, { 100, 1000 }, { 1000, 1000 }, { 100, 10 }, { 100, 3 }, { 1000, 25 }, { 1000, 2 },
    };

    [Theory]
    [MemberData(nameof(Collections))]
    public void Reduce_ToAnyLimit_StaysBelowItInOrderAndInRange(int count, int gapEvery)
    {
        var points = Points(count, gapEvery);
        foreach (var aggregate in Aggregates)
        {
            for (var limit = 1; limit <= 2 * count + 10; limit += limit < 130 ? 1 : 61)
            {
                var (times, values) = Downsampling.Reduce(points, limit, aggregate);

                var what = $"{aggregate} to {limit}";
                Assert.True(times.Count <= limit, $"{what}: {times.Count}");
                Assert.Equal(times.Count, values.Count);
                Assert.Equal(count > 0, times.Count > 0);
                Assert.True(times.Zip(times.Skip(1)).All(static pair => pair.First < pair.Second), what);
                Assert.True(times.All(time => time >= points[0].Time && time <= points[^1].Time), what);
                Assert.True(values.Count == 0 || (values[0] is not null && values[^1] is not null), what);
                if (aggregate != SeriesAggregate.Average)
                {
                    Assert.Subset(
                        points.Select(static point => (point.Time, point.Value)).ToHashSet(),
                        times.Zip(values).Where(static pair => pair.Second is not null).Select(static pair => (pair.First, pair.Second!.Value)).ToHashSet());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void Reduce_WithRoomForAll_ChangesNothing(int count, int gapEvery)
    {
        var points = Points(count, gapEvery);
        var gaps = CollectionGaps.Find(points).Count();

        var (times, values) = Downsampling.Reduce(points, Math.Max(1, count + gaps), SeriesAggregate.Shape);

        Assert.Equal(points, times.Zip(values).Where(static pair => pair.Second is not null).Select(static pair => new StoredPoint(pair.First, pair.Second!.Value)));
        Assert.Equal(gaps, values.Count(static value => value is null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(50)]
    public void Reduce_ToAShape_KeepsTheSpike(int limit)
    {
        var points = Points(1000, 1000);
        points[613] = points[613] with { Value = 1e6 };

        var (_, values) = Downsampling.Reduce(points, limit, SeriesAggregate.Shape);

        Assert.Contains(1e6, values);
    }

    [Fact]
    public void Reduce_WithMoreGapsThanRoom_KeepsTheLongestAndJoinsNothingAcrossIt()
    {
        var points = Points(400, 4);
        const long Outage = 3_600_000;
        for (var index = 200; index < points.Count; index++)
        {
            points[index] = points[index] with { Time = points[index].Time + Outage };
        }

        var (times, values) = Downsampling.Reduce(points, 20, SeriesAggregate.Average);

        var mark = Enumerable.Range(0, times.Count).Single(index => values[index] is null && times[index] > points[199].Time && times[index] < points[200].Time);
        Assert.True(times[mark - 1] <= points[199].Time);
        Assert.True(times[mark + 1] >= points[200].Time);
    }

    /// <summary>A point each second, a wave; after every so many of them a minute of nothing.</summary>
    private static List<StoredPoint> Points(int count, int gapEvery)
    {
        var points = new List<StoredPoint>();
        var time = Start;
        for (var index = 0; index < count; index++)
        {
            time += index > 0 && index % gapEvery == 0 ? 60_000 : 1000;
            points.Add(new StoredPoint(time, Math.Sin(index / 10.0)));
        }

        return points;
    }
}
