using System.Buffers;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Writes what <see cref="MetricBatchReader"/> reads.</summary>
internal static class MetricBatchWriter
{
    public static void Write(MetricBatch batch, IBufferWriter<byte> output)
    {
        var times = Times(batch);
        var column = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        writer.WriteBootId(batch.BootId);
        UnixTime.WriteOrNull(ref writer, batch.WallUnixMs);
        UnixTime.Write(ref writer, batch.MonoMs);
        WriteTimes(ref writer, times, column);
        writer.WriteArrayHead(batch.Series.Count);
        foreach (var series in batch.Series)
        {
            WriteSeries(ref writer, series, times, column);
        }
    }

    private static long[] Times(MetricBatch batch)
    {
        var points = 0;
        var times = new SortedSet<long>();
        foreach (var series in batch.Series)
        {
            points += series.Points.Count;
            var previous = -1L;
            foreach (var point in series.Points)
            {
                if (point.MonoMs <= previous)
                {
                    throw new ArgumentException($"The times of {series.Name} do not ascend.", nameof(batch));
                }

                previous = point.MonoMs;
                times.Add(point.MonoMs);
            }

            if (series.Points.Count == 0)
            {
                throw new ArgumentException($"{series.Name} has no points.", nameof(batch));
            }
        }

        if (points > MetricBatch.MaxPoints || times.Count > MetricBatch.MaxTimes || batch.Series.Count > MetricBatch.MaxSeries)
        {
            throw new ArgumentException("The batch has too many points, times or series.", nameof(batch));
        }

        return [.. times];
    }

    private static void WriteTimes(ref CborWriter writer, long[] times, ArrayBufferWriter<byte> column)
    {
        column.ResetWrittenCount();
        var previous = 0L;
        foreach (var time in times)
        {
            VarInt.Write(column, (ulong)(time - previous));
            previous = time;
        }

        writer.WriteBytes(column.WrittenSpan);
    }

    private static void WriteSeries(ref CborWriter writer, MetricSeries series, long[] times, ArrayBufferWriter<byte> column)
    {
        writer.WriteArrayHead(7);
        writer.WriteText(series.Name, MetricBatchReader.MaxNameBytes);
        writer.WriteText(series.Unit, MetricBatchReader.MaxUnitBytes);
        writer.WriteUInt64((ulong)series.Kind);
        StringPairs.Write(ref writer, series.Attributes);

        column.ResetWrittenCount();
        var values = new double[series.Points.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = series.Points[i].Value;
        }

        writer.WriteUInt64((ulong)ValueColumn.Write(values, column));
        WritePresence(ref writer, series, times);
        writer.WriteBytes(column.WrittenSpan);
    }

    private static void WritePresence(ref CborWriter writer, MetricSeries series, long[] times)
    {
        if (series.Points.Count == times.Length)
        {
            writer.WriteNull();
            return;
        }

        var presence = writer.WriteBytesInPlace((times.Length + 7) / 8);
        presence.Clear();
        foreach (var point in series.Points)
        {
            var row = Array.BinarySearch(times, point.MonoMs);
            presence[row / 8] |= (byte)(1 << (row % 8));
        }
    }
}
