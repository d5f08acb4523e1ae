using Messaging.Streams;

namespace Messaging.Agent.Spool;

/// <summary>Keeps the spool in its bounds. What goes is named on disk before it goes.</summary>
internal sealed partial class SpoolStore
{
    /// <summary>A nearly full disk must not make segments that are little but snapshot.</summary>
    private const int MinSegmentBytes = 256 * 1024;

    /// <summary>A segment is written anew without some of its records when that frees at least this part of it.</summary>
    private const int WorthwhilePart = 8;
    private const int HighestRank = 3;

    /// <summary>How many segments may be left of which only events are there, beyond those that the quota holds.</summary>
    private const int SmallSegments = 256;
    private long _quota;
    private long _quotaAt;
    private bool _quotaKnown;
    private int _generations;

    /// <summary>Events and command reports outlive logs, which outlive metrics, which outlive files: those are still in their folder.</summary>
    private static int Rank(uint stream) => stream switch { StreamId.Files => 0, StreamId.Metrics => 1, StreamId.Logs => 2, _ => HighestRank };

    /// <summary>What the spool may hold now: the configured bytes, its share of the disk, and what the disk has left for it.</summary>
    private long Quota()
    {
        if (_quotaKnown && _time.GetElapsedTime(_quotaAt) < _limits.SpaceInterval)
        {
            return _quota;
        }

        _quota = _limits.MaxBytes;
        try
        {
            if (_disk.Space(_folder) is { } space)
            {
                _quota = Math.Min(_quota, (long)(space.Total * _limits.MaxDiskShare));
                _quota = Math.Max(0, Math.Min(_quota, TotalBytes() + space.Free - _limits.KeepFree));
            }
        }
        catch (IOException e)
        {
            // It says nothing about the spool's own bound, which holds.
            Problem(SpoolProblemKind.WriteFailed, e.Message, 1);
        }

        (_quotaAt, _quotaKnown) = (_time.GetTimestamp(), true);
        return _quota;
    }

    private long SegmentLimit() => Math.Max(Math.Min(_limits.SegmentBytes, MinSegmentBytes), Math.Min(_limits.SegmentBytes, Quota() / 4));

    /// <summary>Drops what may go first until <paramref name="bytes"/> more fit. The segment that is written to stays.</summary>
    private void Evict(int bytes)
    {
        while (_segments.Count > 1 && TotalBytes() + bytes > Quota())
        {
            var (victim, rank) = Victim();
            var goes = Gaps(victim, key => Rank(key.Stream) <= rank, GapReason.Quota);
            if (goes.Count > 0)
            {
                Name(goes, victim.Number);
            }

            WriteAcks();
            if (victim.Has(key => Rank(key.Stream) > rank))
            {
                Rewrite(victim, rank);
            }
            else
            {
                Delete(victim);
            }
        }
    }

    private (Segment Segment, int Rank) Victim()
    {
        if (_segments.Count <= (_limits.MaxBytes / _limits.SegmentBytes) + SmallSegments)
        {
            for (var rank = _limits.Evict == EvictionOrder.LowestPriority ? 0 : HighestRank - 1; rank < HighestRank; rank++)
            {
                foreach (var segment in _segments.Take(_segments.Count - 1))
                {
                    if (Frees(segment, rank) >= segment.Length / WorthwhilePart)
                    {
                        return (segment, rank);
                    }
                }
            }
        }

        return (_segments[0], HighestRank);
    }

    /// <summary>Bytes of the records up to this rank.</summary>
    private static long Frees(Segment segment, int rank)
    {
        long frees = 0;
        foreach (var (stream, bytes) in segment.RecordBytes)
        {
            frees += Rank(stream) <= rank ? bytes : 0;
        }

        return frees;
    }

    private void Name(List<SpoolGap> gaps, long segment)
    {
        CutTail(Active!);
        _writer.Begin(SpoolEntryKind.Gaps);
        _writer.UInt32((uint)gaps.Count);
        gaps.ForEach(gap => _writer.Gap(gap));
        if (!Write() || !SyncActive())
        {
            throw new IOException(_failure);
        }

        gaps.ForEach(gap => _contents.Gaps.Add(gap, saved: true));
        var count = gaps.Sum(gap => (long)(gap.Range.To - gap.Range.From) + 1);
        _evicted += count;
        Problem(SpoolProblemKind.Evicted, $"segment {segment}", count);
    }

    /// <summary>A segment without the records that have to go, in place of the one with them. Positions in those are in the next snapshot.</summary>
    private void Rewrite(Segment segment, int rank)
    {
        var bytes = ReadSegment(segment.File, segment.Length);
        var file = _disk.Open(segment.Path + TemporarySuffix, create: true);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
            chain.Clear();
            SegmentHeader.Write(header, SegmentHeader.SpoolMagic, segment.Number, chain);
            file.SetLength(0);
            file.Write(0, header);
            long length = header.Length;
            var next = new Segment(segment.Number, segment.Path, file) { BegunAt = segment.BegunAt, Generation = ++_generations };
            var writer = new EntryWriter();
            foreach (var (offset, size) in SegmentScan.Run(bytes, default).Entries)
            {
                var entry = bytes.AsSpan(offset, size);
                var kind = EntryFormat.Kind(entry);
                var record = default(SpoolRecord);
                var isRecord = kind == SpoolEntryKind.Record && TryParse(entry, out record, out _);
                if (isRecord && Rank(record.Key.Stream) <= rank)
                {
                    continue;
                }

                writer.Begin(kind);
                writer.Raw(EntryFormat.Body(entry));
                var written = writer.Finish(chain, length);
                file.Write(length, written);
                length += written.Length;
                if (kind == SpoolEntryKind.Snapshot)
                {
                    next.Begin = length;
                }
                else if (isRecord && segment.Records.ContainsKey(record.Key))
                {
                    next.Add(record.Key, record.Seq, size);
                }
            }

            file.Sync();
            _disk.Rename(segment.Path + TemporarySuffix, segment.Path);
            next.Length = next.Durable = length;
            _segments[_segments.IndexOf(segment)] = next;
            segment.Dispose();
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        _disk.SyncDirectory(_folder);
    }

    private List<SpoolGap> Gaps(Segment segment, Func<StreamKey, bool> goes, GapReason reason)
    {
        var gaps = new List<SpoolGap>();
        foreach (var (stream, records) in segment.Records)
        {
            if (goes(stream))
            {
                foreach (var range in Unacked(stream, records))
                {
                    gaps.Add(new SpoolGap(stream, range, reason));
                }
            }
        }

        return gaps;
    }
}
