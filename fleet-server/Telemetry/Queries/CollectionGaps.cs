using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>
/// Finds where nothing was collected. A pause is a gap when it is longer than 2.5 times the usual one; the usual one is looked for
/// near by, on both sides, because an operator may have changed the interval in the middle of the range.
/// </summary>
internal static class CollectionGaps
{
    private const double Factor = 2.5;

    /// <summary>Pauses looked at on each side.</summary>
    private const int Neighbours = 5;

    /// <summary>For each point but the first: whether a gap lies before it, and where to mark it; null when there is none.</summary>
    public static IEnumerable<(int Index, long MarkAt)> Find(IReadOnlyList<StoredPoint> points)
    {
        var window = new long[Neighbours];
        for (var index = 1; index < points.Count; index++)
        {
            var pause = points[index].Time - points[index - 1].Time;
            var usual = Math.Max(
                Median(points, index - Neighbours, index - 1, window),
                Median(points, index + 1, index + Neighbours, window));
            if (usual > 0 && pause > usual * Factor)
            {
                yield return (index, points[index - 1].Time + usual);
            }
        }
    }

    /// <summary>The middle of the pauses that end at the points from <paramref name="first"/> to <paramref name="last"/>; 0 without any.</summary>
    private static long Median(IReadOnlyList<StoredPoint> points, int first, int last, long[] window)
    {
        var count = 0;
        for (var index = Math.Max(first, 1); index <= Math.Min(last, points.Count - 1); index++)
        {
            window[count++] = points[index].Time - points[index - 1].Time;
        }

        if (count == 0)
        {
            return 0;
        }

        Array.Sort(window, 0, count);
        return window[(count - 1) / 2];
    }
}
