using System.Buffers.Binary;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

internal sealed partial class SpoolStore
{
    /// <summary>The next durable record at or after <paramref name="cursor"/> that the server has not confirmed.</summary>
    /// <param name="cursor">Moves behind the record.</param>
    /// <param name="record">What it is.</param>
    /// <param name="frame">Exactly what was appended.</param>
    /// <returns>False when there is none now; <see cref="Advanced"/> tells when to ask again.</returns>
    public bool TryRead(ref SpoolCursor cursor, out SpoolRecord record, out byte[] frame) => TryRead(ref cursor, _ => true, out record, out frame);

    /// <summary>The same, of the streams that are wanted.</summary>
    public bool TryRead(ref SpoolCursor cursor, Func<StreamKey, bool> wanted, out SpoolRecord record, out byte[] frame)
    {
        while (true)
        {
            // Looking for few among many takes long: a segment at a time, so that whoever appends is let in between.
            lock (_gate)
            {
                if (NextSegment(ref cursor, wanted) is not { } segment)
                {
                    (record, frame) = (default, []);
                    return false;
                }

                if (TryReadFrom(segment, ref cursor, wanted, out record, out frame))
                {
                    return true;
                }

                if (segment == _segments[^1])
                {
                    return false;
                }

                // Whatever its generation is, from its begin.
                cursor = new SpoolCursor(segment.Number + 1, 0, -1);
            }
        }
    }

    /// <summary>The first segment at or after the cursor that has something wanted, or the one that is written to.</summary>
    private Segment? NextSegment(ref SpoolCursor cursor, Func<StreamKey, bool> wanted)
    {
        foreach (var segment in _segments)
        {
            if (segment.Number < cursor.Segment || (segment != _segments[^1] && !segment.Has(wanted)))
            {
                continue;
            }

            if (segment.Number > cursor.Segment || segment.Generation != cursor.Generation)
            {
                cursor = new SpoolCursor(segment.Number, segment.Begin, segment.Generation);
            }

            return segment;
        }

        return null;
    }

    private bool TryReadFrom(Segment segment, ref SpoolCursor cursor, Func<StreamKey, bool> wanted, out SpoolRecord record, out byte[] frame)
    {
        record = default;
        frame = [];
        while (true)
        {
            var offset = segment.SkipDamage(cursor.Offset);
            if (offset >= segment.Durable)
            {
                return false;
            }

            if (!TryReadEntry(segment, offset, out var entry))
            {
                Rescan(segment, offset);
                continue;
            }

            cursor = cursor with { Offset = offset + entry.Length };
            if (EntryFormat.Kind(entry) == SpoolEntryKind.Record && TryParse(entry, out record, out var bytes)
                && wanted(record.Key) && !_acks.Covers(record.Key, record.Seq) && _contents.Find(record.Key.Epoch) is not null)
            {
                frame = bytes.ToArray();
                return true;
            }
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> entry, out SpoolRecord record, out ReadOnlySpan<byte> frame)
    {
        record = default;
        frame = default;
        var reader = new EntryReader(EntryFormat.Body(entry));
        if (!reader.TryKey(out var key) || !reader.TryUInt64(out var seq) || !reader.TryUInt32(out var checkpoints))
        {
            return false;
        }

        for (; checkpoints > 0; checkpoints--)
        {
            if (!reader.TryCheckpoint(out _, out _))
            {
                return false;
            }
        }

        record = new SpoolRecord(key, seq);
        frame = reader.Rest;
        return true;
    }

    private bool TryReadEntry(Segment segment, long offset, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        try
        {
            Span<byte> header = stackalloc byte[EntryFormat.HeaderBytes];
            if (segment.File.Read(offset, header) != header.Length)
            {
                return false;
            }

            var length = EntryFormat.HeaderBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(header[EntryFormat.LengthAt..]);
            if (length > EntryFormat.MaxBodyBytes || offset + length > segment.Length)
            {
                return false;
            }

            if (_readBuffer.Length < length)
            {
                _readBuffer = new byte[Math.Max(length, 64 * 1024)];
            }

            var bytes = _readBuffer.AsSpan(0, (int)length);
            return segment.File.Read(offset, bytes) == bytes.Length && EntryFormat.TryRead(bytes, out entry);
        }
        catch (IOException e)
        {
            Problem(SpoolProblemKind.Corrupt, e.Message, 0);
            return false;
        }
    }

    /// <summary>Something on disk changed under us: finds out what is left of this segment and notes the rest as lost.</summary>
    private void Rescan(Segment segment, long offset)
    {
        var bytes = ReadSegment(segment.File, segment.Length);
        var scan = SegmentScan.Run(bytes, default);
        var left = new Dictionary<StreamKey, SeqRanges>();
        foreach (var (at, length) in scan.Entries)
        {
            if (EntryFormat.Kind(bytes.AsSpan(at)) == SpoolEntryKind.Record && TryParse(bytes.AsSpan(at, length), out var record, out _))
            {
                if (!left.TryGetValue(record.Key, out var ranges))
                {
                    left.Add(record.Key, ranges = new SeqRanges());
                }

                ranges.Add(new SeqRange(record.Seq, record.Seq));
            }
        }

        segment.Damage = scan.Damage;
        if (scan.End < segment.Length)
        {
            segment.Damage.Add((scan.End, (int)(segment.Length - scan.End)));
        }

        // Entries there were read before, so that the place asked for must be damaged now: never ask for it again.
        if (segment.SkipDamage(offset) == offset)
        {
            segment.Damage.Add(((int)offset, 1));
        }

        foreach (var (key, before) in segment.Replace(left))
        {
            var present = left.GetValueOrDefault(key) ?? new SeqRanges();
            foreach (var unacked in Unacked(key, before))
            {
                foreach (var range in present.Missing(unacked))
                {
                    _contents.Gaps.Add(new SpoolGap(key, range, GapReason.Corrupt), saved: false);
                }
            }
        }

        Problem(SpoolProblemKind.Corrupt, Path.GetFileName(segment.Path), segment.DamagedBytes);
    }

    /// <summary>A stretch that the medium no longer gives reads as zeros, which are no entry.</summary>
    private static byte[] ReadSegment(IDiskFile file, long length)
    {
        const int Piece = 64 * 1024;
        var bytes = new byte[Math.Min(length, MaxSegmentFileBytes)];
        for (var at = 0; at < bytes.Length; at += Piece)
        {
            var piece = bytes.AsSpan(at, Math.Min(Piece, bytes.Length - at));
            try
            {
                _ = file.Read(at, piece);
            }
            catch (IOException)
            {
                piece.Clear();
            }
        }

        return bytes;
    }
}
