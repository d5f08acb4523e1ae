using System.Buffers;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Writes what <see cref="SeriesBatchReader"/> reads.</summary>
internal sealed class SeriesBatchWriter
{
    private readonly RangeEncoder _coder = new();
    private readonly ColumnModels _models = ColumnModels.Fresh();
    private readonly List<IReadOnlyList<MetricPoint>> _groups = [];
    private readonly Dictionary<TimeKey, int> _groupOf = [];

    public void Write(SeriesBatch batch, IBufferWriter<byte> output)
    {
        Check(batch);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(6);
        writer.WriteUInt64(2);
        if (batch.BootId is { } boot)
        {
            writer.WriteBootId(boot);
        }
        else
        {
            writer.WriteNull();
        }

        UnixTime.WriteOrNull(ref writer, batch.WallUnixMs);
        UnixTime.Write(ref writer, batch.MonoMs);
        writer.WriteArrayHead(batch.Definitions.Count, MetricBatch.MaxSeries);
        foreach (var entry in batch.Definitions)
        {
            Write(ref writer, entry);
        }

        writer.WriteBytes(Columns(batch));
    }

    private static void Write(ref CborWriter writer, in SeriesEntry entry)
    {
        if (entry.Like is not { } like)
        {
            writer.WriteArrayHead(6);
            writer.WriteUInt64(entry.Id);
            entry.Definition.WriteFields(ref writer);
            return;
        }

        writer.WriteArrayHead(3);
        writer.WriteUInt64(entry.Id);
        writer.WriteUInt64(like);
        writer.WriteArrayHead(entry.Definition.Attributes.Count);
        foreach (var (_, value) in entry.Definition.Attributes)
        {
            writer.WriteText(value, StringPairs.MaxValueBytes);
        }
    }

    private static void Check(SeriesBatch batch)
    {
        var points = 0;
        var previous = -1L;
        foreach (var column in batch.Columns)
        {
            points += column.Points.Count;
            if (column.Id <= previous || column.Id >= SeriesBatch.MaxIds || column.Points.Count == 0)
            {
                throw new ArgumentException($"{column.Definition.Name} has no points, or its number does not ascend.", nameof(batch));
            }

            previous = column.Id;
            for (var i = 1; i < column.Points.Count; i++)
            {
                if (column.Points[i].MonoMs <= column.Points[i - 1].MonoMs)
                {
                    throw new ArgumentException($"The times of {column.Definition.Name} do not ascend.", nameof(batch));
                }
            }
        }

        if (points > MetricBatch.MaxPoints || batch.Columns.Count > MetricBatch.MaxSeries)
        {
            throw new ArgumentException("The batch has too many points or series.", nameof(batch));
        }
    }

    private ReadOnlySpan<byte> Columns(SeriesBatch batch)
    {
        _coder.Begin();
        _coder.Number(_models.Counts, (ulong)batch.Columns.Count);
        var next = 0U;
        foreach (var column in batch.Columns)
        {
            _coder.Number(_models.Ids, column.Id - next);
            next = column.Id + 1;
        }

        WriteTimes(batch);
        var group = 0;
        foreach (var column in batch.Columns)
        {
            var of = _groupOf[new TimeKey(column.Points)];
            _coder.Number(_models.Groups, VarInt.ZigZag(of - group));
            group = of;
            WriteValues(column);
        }

        return _coder.Finish();
    }

    /// <summary>Series that were measured together share their times.</summary>
    private void WriteTimes(SeriesBatch batch)
    {
        _groups.Clear();
        _groupOf.Clear();
        var times = 0;
        foreach (var column in batch.Columns)
        {
            if (_groupOf.TryAdd(new TimeKey(column.Points), _groups.Count))
            {
                _groups.Add(column.Points);
                times += column.Points.Count;
            }
        }

        if (times > MetricBatch.MaxTimes)
        {
            throw new ArgumentException("The batch has too many times.", nameof(batch));
        }

        _coder.Number(_models.Counts, (ulong)_groups.Count);
        foreach (var group in _groups)
        {
            _coder.Number(_models.Counts, (ulong)group.Count);
            _coder.Number(_models.Times, VarInt.ZigZag(group[0].MonoMs - batch.MonoMs));
            var step = 0L;
            for (var i = 1; i < group.Count; i++)
            {
                var now = group[i].MonoMs - group[i - 1].MonoMs;
                _coder.Number(_models.Steps, VarInt.ZigZag(now - step));
                step = now;
            }
        }
    }

    private void WriteValues(in SeriesColumn column)
    {
        var scale = column.Definition.Scale;
        if (scale == ValueScale.Raw || !ValueScale.IsExact(column.Points, scale))
        {
            scale = ValueScale.Of(column.Points);
        }

        _coder.Number(_models.Scales, scale == column.Definition.Scale ? 0 : 1 + (ulong)scale);
        var model = _models.Firsts;
        var before = 0L;
        for (var i = 0; i < column.Points.Count; i++)
        {
            var value = column.Points[i].Value;
            if (scale == ValueScale.Raw)
            {
                _coder.Direct(BitConverter.DoubleToUInt64Bits(value), 64);
                continue;
            }

            _ = ValueScale.TryInteger(value, scale, out var integer);
            var difference = VarInt.ZigZag(integer - before);
            _coder.Number(model, difference);
            model = _models.Difference(i == 0 ? 0 : difference);
            before = integer;
        }
    }

    /// <summary>The times of a column, compared by content.</summary>
    private readonly struct TimeKey(IReadOnlyList<MetricPoint> points) : IEquatable<TimeKey>
    {
        private readonly IReadOnlyList<MetricPoint> _points = points;

        public bool Equals(TimeKey other)
        {
            if (_points.Count != other._points.Count)
            {
                return false;
            }

            for (var i = 0; i < _points.Count; i++)
            {
                if (_points[i].MonoMs != other._points[i].MonoMs)
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is TimeKey other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_points.Count, _points[0].MonoMs, _points[^1].MonoMs);
    }
}
