namespace Messaging.Wire;

/// <summary>Sampling intervals: [[name, ms]...].</summary>
internal static class NamedIntervals
{
    public const int MaxCount = 64;
    public const int MaxNameBytes = 64;

    /// <summary>A year.</summary>
    private const int MaxDays = 366;

    public static void Write(ref CborWriter writer, IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals)
    {
        writer.WriteArrayHead(intervals.Count, MaxCount);
        foreach (var (name, interval) in intervals)
        {
            writer.WriteArrayHead(2);
            writer.WriteText(name, MaxNameBytes);
            writer.WriteUInt64(checked((ulong)(interval.Ticks / TimeSpan.TicksPerMillisecond)));
        }
    }

    public static bool TryRead(ref CborReader reader, out KeyValuePair<string, TimeSpan>[] intervals)
    {
        intervals = [];
        if (!reader.TryReadArrayHead(out var count, MaxCount))
        {
            return false;
        }

        var read = new KeyValuePair<string, TimeSpan>[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadText(out var name, MaxNameBytes)
                || !reader.TryReadUInt64(out var ms, MaxDays * 86_400_000UL))
            {
                return false;
            }

            read[i] = new KeyValuePair<string, TimeSpan>(name, TimeSpan.FromMilliseconds((long)ms));
        }

        intervals = read;
        return true;
    }
}
