using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>
/// Fewer points for a chart. "Shape" keeps the first, lowest, highest and last point of each slice of time, so that a line drawn
/// through them looks as the line through all (M4, Jugel et al. 2014) and no spike is lost; the others give one value a slice.
/// Gaps in collection stay gaps, and a slice never joins what they divide; when there are so many that they would crowd out the
/// values, the longest do.
/// </summary>
internal static class Downsampling
{
    /// <summary>What "shape" keeps of a slice.</summary>
    private const int Corners = 4;

    /// <summary>Points with null where nothing was collected.</summary>
    /// <param name="points">In order of time.</param>
    /// <param name="maxPoints">Entries that come out at most, the nulls among them; 1 or more.</param>
    public static (IReadOnlyList<long> Times, IReadOnlyList<double?> Values) Reduce(
        IReadOnlyList<StoredPoint> points, int maxPoints, SeriesAggregate aggregate)
    {
        var output = new SeriesBuilder();
        var gaps = CollectionGaps.Find(points).ToList();
        var whole = points.Count + gaps.Count <= maxPoints;
        var each = aggregate == SeriesAggregate.Shape ? Math.Min(Corners, maxPoints) : 1;
        if (!whole)
        {
            gaps = Longest(gaps, points, maxPoints / ((2 * each) + 2));
        }

        // A gap costs its null, and one slice more because it divides one.
        var slices = Math.Max(1, ((maxPoints - gaps.Count) / each) - gaps.Count);
        var origin = points.Count > 0 ? points[0].Time : 0;
        var width = points.Count > 0 ? ((points[^1].Time - origin) / slices) + 1 : 1;
        var gap = 0;
        for (var start = 0; start < points.Count;)
        {
            if (gap < gaps.Count && gaps[gap].Index == start)
            {
                output.Add(gaps[gap++].MarkAt, null);
            }

            var end = start + 1;
            var limit = gap < gaps.Count ? gaps[gap].Index : points.Count;
            var slice = (points[start].Time - origin) / width;
            while (!whole && end < limit && (points[end].Time - origin) / width == slice)
            {
                end++;
            }

            Emit(points, start, end, aggregate, each, output);
            start = end;
        }

        return (output.Times, output.Values);
    }

    private static List<(int Index, long MarkAt)> Longest(List<(int Index, long MarkAt)> gaps, IReadOnlyList<StoredPoint> points, int count) =>
        [.. gaps.OrderByDescending(gap => points[gap.Index].Time - points[gap.Index - 1].Time).Take(count).OrderBy(static gap => gap.Index)];

    /// <param name="corners">How many points "shape" may keep: spikes go first.</param>
    private static void Emit(
        IReadOnlyList<StoredPoint> points, int start, int end, SeriesAggregate aggregate, int corners, SeriesBuilder output)
    {
        var (low, high, sum) = (start, start, 0.0);
        for (var index = start; index < end; index++)
        {
            low = points[index].Value < points[low].Value ? index : low;
            high = points[index].Value > points[high].Value ? index : high;
            sum += points[index].Value;
        }

        switch (aggregate)
        {
            case SeriesAggregate.Average:
                output.Add(points[start].Time + ((points[end - 1].Time - points[start].Time) / 2), sum / (end - start));
                break;
            case SeriesAggregate.Minimum:
                output.Add(points[low].Time, points[low].Value);
                break;
            case SeriesAggregate.Maximum:
                output.Add(points[high].Time, points[high].Value);
                break;
            default:
                foreach (var index in new[] { high, low, end - 1, start }.Distinct().Take(corners).Order())
                {
                    output.Add(points[index].Time, points[index].Value);
                }

                break;
        }
    }

    private sealed class SeriesBuilder
    {
        public List<long> Times { get; } = [];

        public List<double?> Values { get; } = [];

        /// <summary>JSON has no NaN and no infinity: what cannot be said is a gap.</summary>
        public void Add(long time, double? value)
        {
            Times.Add(time);
            Values.Add(value is { } number && double.IsFinite(number) ? number : null);
        }
    }
}
