using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Reads a batch's content.</summary>
internal static class MetricBatchReader
{
    public const int MaxNameBytes = 256;
    public const int MaxUnitBytes = 64;

    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out MetricBatch? batch)
    {
        batch = null;
        var reader = new CborReader(content);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !reader.TryReadBootId(out var bootId)
            || !UnixTime.TryReadOrNull(ref reader, out var wall)
            || !UnixTime.TryRead(ref reader, out var mono)
            || !TryReadTimes(ref reader, out var times)
            || !reader.TryReadArrayHead(out var count, MetricBatch.MaxSeries))
        {
            return false;
        }

        var points = 0;
        var series = new MetricSeries[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryReadSeries(ref reader, times, out var one))
            {
                return false;
            }

            series[i] = one;
            points += one.Points.Count;
            if (points > MetricBatch.MaxPoints)
            {
                return false;
            }
        }

        batch = reader.AtEnd ? new MetricBatch(bootId, wall, mono, series) : null;
        return batch is not null;
    }

    private static bool TryReadTimes(ref CborReader reader, out long[] times)
    {
        times = [];
        if (!reader.TryReadBytes(out var column))
        {
            return false;
        }

        var read = new List<long>();
        var time = 0L;
        while (!column.IsEmpty)
        {
            if (!VarInt.TryRead(ref column, out var delta)
                || delta > UnixTime.MaxMilliseconds
                || (delta == 0 && read.Count > 0)
                || (time += (long)delta) > UnixTime.MaxMilliseconds
                || read.Count == MetricBatch.MaxTimes)
            {
                return false;
            }

            read.Add(time);
        }

        times = [.. read];
        return true;
    }

    private static bool TryReadSeries(ref CborReader reader, long[] times, [NotNullWhen(true)] out MetricSeries? series)
    {
        series = null;
        if (!reader.TryReadArray(7)
            || !reader.TryReadText(out var name, MaxNameBytes)
            || !reader.TryReadText(out var unit, MaxUnitBytes)
            || !reader.TryReadInt32(out var kind, (int)MetricKind.UpDownCounter)
            || !StringPairs.TryRead(ref reader, out var attributes)
            || !reader.TryReadInt32(out var encoding, ValueColumn.Raw)
            || !TryReadPresence(ref reader, times.Length, out var presence)
            || !reader.TryReadBytes(out var column))
        {
            return false;
        }

        var count = presence.IsEmpty ? times.Length : CountBits(presence);

        // Every value takes at least a byte: this keeps a short message from asking for much memory.
        if (count == 0 || count > column.Length)
        {
            return false;
        }

        var values = new double[count];
        if (!ValueColumn.TryRead(encoding, column, values))
        {
            return false;
        }

        series = new MetricSeries(name, unit, (MetricKind)kind, attributes, Join(times, presence, values));
        return true;
    }

    /// <summary>A bit for each time, least significant first; the bits after the last are 0, and not every bit is 1.</summary>
    private static bool TryReadPresence(ref CborReader reader, int times, out ReadOnlySpan<byte> presence)
    {
        presence = default;
        if (reader.TryReadNull())
        {
            return true;
        }

        return reader.TryReadFixedBytes((times + 7) / 8, out presence)
            && !presence.IsEmpty
            && (times % 8 == 0 || presence[^1] >> (times % 8) == 0)
            && CountBits(presence) < times;
    }

    private static int CountBits(ReadOnlySpan<byte> bits)
    {
        var count = 0;
        foreach (var part in bits)
        {
            count += BitOperations.PopCount(part);
        }

        return count;
    }

    private static MetricPoint[] Join(long[] times, ReadOnlySpan<byte> presence, double[] values)
    {
        var points = new MetricPoint[values.Length];
        var next = 0;
        for (var row = 0; row < times.Length; row++)
        {
            if (presence.IsEmpty || (presence[row / 8] >> (row % 8) & 1) != 0)
            {
                points[next] = new MetricPoint(times[row], values[next]);
                next++;
            }
        }

        return points;
    }
}
