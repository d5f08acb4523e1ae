namespace Messaging.FleetServer.Clocks;

/// <summary>Places boots that were over before anything could tell when they were. Pure.</summary>
internal static class BootEstimate
{
    /// <summary>
    /// When each of some boots that follow one another began, between what is known before and after them: their lengths are known, and the
    /// time that the device was off is shared equally among the gaps. Where that is less than nothing they end where the next one begins,
    /// and where nothing is known before, they follow each other up to it.
    /// </summary>
    /// <param name="lengths">How long each lasted at least, in order; milliseconds.</param>
    /// <param name="after">The end of what was before them, Unix milliseconds; null when nothing is known.</param>
    /// <param name="before">The begin of what came after them, Unix milliseconds.</param>
    public static long[] Starts(IReadOnlyList<long> lengths, long? after, long before)
    {
        var total = lengths.Sum();
        var gap = after is { } end ? Math.Max(0, (before - end - total) / (lengths.Count + 1)) : 0;
        var starts = new long[lengths.Count];
        var next = before;
        for (var i = lengths.Count - 1; i >= 0; i--)
        {
            next -= gap + lengths[i];
            starts[i] = next;
        }

        return starts;
    }
}
