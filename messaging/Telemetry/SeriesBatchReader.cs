using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Reads a <see cref="SeriesBatch"/> out of its envelope.</summary>
/// <param name="known">Definitions that the epoch has.</param>
internal sealed class SeriesBatchReader(Func<uint, SeriesDefinition?> known)
{
    private readonly ColumnModels _models = ColumnModels.Fresh();
    private readonly Dictionary<uint, SeriesDefinition> _inline = [];
    private readonly List<SeriesEntry> _entries = [];
    private readonly SortedSet<uint> _missing = [];
    private readonly HashSet<uint> _likeMissing = [];
    private bool _redefined;

    public SeriesBatchResult Read(ReadOnlySpan<byte> content, out SeriesBatch? batch, out IReadOnlyList<uint> missing)
    {
        (batch, missing) = (null, []);
        var reader = new CborReader(content);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(2)
            || !TryReadBoot(ref reader, out var boot)
            || !UnixTime.TryReadOrNull(ref reader, out var wall)
            || !UnixTime.TryRead(ref reader, out var mono)
            || !TryReadDefinitions(ref reader)
            || !reader.TryReadBytes(out var columns)
            || !reader.AtEnd
            || !TryReadColumns(columns, mono, out var series))
        {
            return SeriesBatchResult.Malformed;
        }

        if (_redefined)
        {
            return SeriesBatchResult.Redefined;
        }

        if (_missing.Count > 0)
        {
            missing = [.. _missing];
            return SeriesBatchResult.UnknownSeries;
        }

        batch = new SeriesBatch(boot, wall, mono, _entries, series);
        return SeriesBatchResult.Ok;
    }

    private static bool TryReadBoot(ref CborReader reader, out BootId? boot)
    {
        boot = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        var ok = reader.TryReadBootId(out var id);
        boot = id;
        return ok;
    }

    private bool TryReadDefinitions(ref CborReader reader)
    {
        if (!reader.TryReadArrayHead(out var count, MetricBatch.MaxSeries))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!TryReadDefinition(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadDefinition(ref CborReader reader)
    {
        if (!reader.TryReadArrayHead(out var fields, 6) || !reader.TryReadUInt32(out var id, SeriesBatch.MaxIds - 1))
        {
            return false;
        }

        SeriesDefinition? definition;
        uint? like = null;
        if (fields == 6)
        {
            if (!SeriesDefinition.TryReadFields(ref reader, out definition))
            {
                return false;
            }
        }
        else if (fields != 3 || !TryReadLike(ref reader, out like, out definition))
        {
            return false;
        }

        // One that is like an unknown one will be known with it.
        return definition is null ? _likeMissing.Add(id) : TryDefine(id, definition, like);
    }

    private bool TryReadLike(ref CborReader reader, out uint? like, out SeriesDefinition? definition)
    {
        (like, definition) = (null, null);
        if (!reader.TryReadUInt32(out var id, SeriesBatch.MaxIds - 1)
            || !TextList.TryRead(ref reader, StringPairs.MaxPairs, StringPairs.MaxValueBytes, out var values))
        {
            return false;
        }

        like = id;
        if (Find(id) is not { } other)
        {
            _missing.Add(id);
            return id < SeriesBatch.MaxKept;
        }

        definition = other.With(values);
        return definition is not null;
    }

    /// <summary>False when the batch itself has it twice, or it is too large to be kept.</summary>
    private bool TryDefine(uint id, SeriesDefinition definition, uint? like)
    {
        var isKept = id < SeriesBatch.MaxKept;
        if (!_inline.TryAdd(id, definition) || (isKept && definition.Encode().Length > SeriesBatch.MaxKeptBytes))
        {
            return false;
        }

        _redefined |= isKept && known(id) is { } before && before != definition;
        _entries.Add(new SeriesEntry(id, definition, like));
        return true;
    }

    private SeriesDefinition? Find(uint id) =>
        _inline.TryGetValue(id, out var definition) ? definition : id < SeriesBatch.MaxKept ? known(id) : null;

    private bool TryReadColumns(ReadOnlySpan<byte> bytes, long mono, [NotNullWhen(true)] out SeriesColumn[]? series)
    {
        series = null;
        var coder = new RangeDecoder(bytes);
        if (!coder.TryNumber(_models.Counts, out var count, MetricBatch.MaxSeries) || !TryReadIds(ref coder, (int)count, out var ids))
        {
            return false;
        }

        if (_missing.Count > 0)
        {
            // What follows cannot be read without them.
            series = [];
            return true;
        }

        if (!TryReadTimes(ref coder, mono, out var groups))
        {
            return false;
        }

        var read = new SeriesColumn[ids.Length];
        long group = 0;
        var points = 0;
        for (var i = 0; i < read.Length; i++)
        {
            if (!coder.TryNumber(_models.Groups, out var step)
                || (group = unchecked(group + VarInt.UnZigZag(step))) < 0 || group >= groups.Count
                || (points += groups[(int)group].Length) > MetricBatch.MaxPoints
                || !TryReadValues(ref coder, ids[i].Definition, groups[(int)group], out var column))
            {
                return false;
            }

            read[i] = new SeriesColumn(ids[i].Id, ids[i].Definition, column);
        }

        series = read;
        return coder.AtEnd;
    }

    private bool TryReadIds(ref RangeDecoder coder, int count, out (uint Id, SeriesDefinition Definition)[] ids)
    {
        ids = new (uint, SeriesDefinition)[count];
        ulong next = 0;
        for (var i = 0; i < count; i++)
        {
            if (!coder.TryNumber(_models.Ids, out var skipped, SeriesBatch.MaxIds) || (next += skipped) >= SeriesBatch.MaxIds)
            {
                return false;
            }

            var id = (uint)next;
            if (Find(id) is not { } definition)
            {
                if (!_likeMissing.Contains(id))
                {
                    if (id >= SeriesBatch.MaxKept)
                    {
                        return false;
                    }

                    _missing.Add(id);
                }

                definition = null!;
            }

            ids[i] = (id, definition);
            next++;
        }

        return true;
    }

    private bool TryReadTimes(ref RangeDecoder coder, long mono, out List<long[]> groups)
    {
        groups = [];
        if (!coder.TryNumber(_models.Counts, out var count, MetricBatch.MaxSeries))
        {
            return false;
        }

        var left = (ulong)MetricBatch.MaxTimes;
        for (; count > 0; count--)
        {
            if (!coder.TryNumber(_models.Counts, out var length, left) || length == 0 || !coder.TryNumber(_models.Times, out var first))
            {
                return false;
            }

            left -= length;
            var times = new long[length];
            var (time, step) = (unchecked(mono + VarInt.UnZigZag(first)), 0L);
            for (var i = 0; i < times.Length; i++)
            {
                if (i > 0)
                {
                    if (!coder.TryNumber(_models.Steps, out var change) || (step = unchecked(step + VarInt.UnZigZag(change))) is <= 0 or > UnixTime.MaxMilliseconds)
                    {
                        return false;
                    }

                    time += step;
                }

                if (time is < 0 or > UnixTime.MaxMilliseconds)
                {
                    return false;
                }

                times[i] = time;
            }

            groups.Add(times);
        }

        return true;
    }

    private bool TryReadValues(ref RangeDecoder coder, SeriesDefinition definition, long[] times, out MetricPoint[] points)
    {
        points = [];
        if (!coder.TryNumber(_models.Scales, out var scaled, 1 + ValueScale.Max))
        {
            return false;
        }

        var scale = scaled == 0 ? definition.Scale : (int)scaled - 1;
        var read = new MetricPoint[times.Length];
        var model = _models.Firsts;
        var integer = 0L;
        for (var i = 0; i < read.Length; i++)
        {
            if (scale == ValueScale.Raw)
            {
                read[i] = new MetricPoint(times[i], BitConverter.UInt64BitsToDouble(coder.Direct(64)));
                continue;
            }

            if (!coder.TryNumber(model, out var difference)
                || (integer = unchecked(integer + VarInt.UnZigZag(difference))) is > ValueScale.MaxInteger or < -ValueScale.MaxInteger)
            {
                return false;
            }

            read[i] = new MetricPoint(times[i], ValueScale.Value(integer, scale));
            model = _models.Difference(i == 0 ? 0 : difference);
        }

        points = read;
        return true;
    }
}
