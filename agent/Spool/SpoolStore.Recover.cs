using Messaging.Agent.Disk;

namespace Messaging.Agent.Spool;

/// <summary>What happens once, when the spool is opened.</summary>
internal sealed partial class SpoolStore
{
    /// <summary>The first sequence number of every stream.</summary>
    private const ulong FirstSeq = 1;
    private const int MaxSegmentFileBytes = 128 * 1024 * 1024;
    private const string SetAsideSuffix = ".unreadable";
    private byte[] _readBuffer = new byte[64 * 1024];
    private long _highestNumber;

    /// <summary>The end of the last segment that is not known to be synced.</summary>
    private (int Offset, byte[] Bytes) _adopted = (0, []);

    private void Recover()
    {
        _disk.CreateDirectory(_folder);
        var acksKnown = ReadAcks();
        var numbers = new List<long>();
        foreach (var name in _disk.List(_folder))
        {
            if (Segment.TryParse(name, out var number))
            {
                numbers.Add(number);
            }
            else if (name.EndsWith(Segment.Suffix + TemporarySuffix, StringComparison.Ordinal))
            {
                Repair(() => _disk.Delete(Path.Combine(_folder, name)));
            }
        }

        numbers.Sort();
        foreach (var number in numbers)
        {
            _highestNumber = number;
            Load(number, last: number == numbers[^1]);
        }

        foreach (var segment in _segments)
        {
            foreach (var (key, ranges) in segment.Records)
            {
                _contents.Gaps.Exclude(key, ranges);
                _contents.Find(key.Epoch)?.Raise(key.Stream, ranges.Last);
            }
        }

        _contents.Gaps.Confirm(_acks);
        _waitingSince = _segments.FirstOrDefault(segment => UnackedIn(segment) > 0)?.BegunAt;
        NoteLostEpochs();
        NoteHoles(acksKnown);
        Adopt();
    }

    private bool ReadAcks()
    {
        var state = SealedFileState.Damaged;
        try
        {
            state = SealedFile.TryRead(_disk, Path.Combine(_folder, AckFile), AckMagic, AckVersion, 1024 * 1024, out var content);
            if (state == SealedFileState.Whole && !_acks.TryDecode(content))
            {
                state = SealedFileState.Damaged;
            }
        }
        catch (IOException e)
        {
            Problem(SpoolProblemKind.AcksLost, e.Message, 0);
            return false;
        }

        if (state is SealedFileState.Damaged or SealedFileState.OtherVersion)
        {
            Problem(SpoolProblemKind.AcksLost, state.ToString(), 0);
        }

        return state == SealedFileState.Whole;
    }

    private void Load(long number, bool last)
    {
        var path = Path.Combine(_folder, Segment.FileName(number));
        IDiskFile file;
        try
        {
            file = _disk.Open(path, create: false);
        }
        catch (IOException e)
        {
            Problem(SpoolProblemKind.Corrupt, e.Message, 0);
            return;
        }

        var fileLength = file.Length;
        var bytes = ReadSegment(file, fileLength);
        var header = SegmentHeader.TryRead(bytes, SegmentHeader.SpoolMagic, number, out var chain);
        if (header == SealedFileState.OtherVersion)
        {
            file.Dispose();
            Repair(() => _disk.Rename(path, path + SetAsideSuffix));
            Problem(SpoolProblemKind.OtherVersion, Segment.FileName(number), fileLength);
            return;
        }

        var scan = SegmentScan.Run(bytes, chain);
        if (last)
        {
            scan.CutUnsynced(bytes);
        }

        var segment = new Segment(number, path, file) { Length = scan.End, Damage = scan.Damage };
        foreach (var (offset, length) in scan.Entries)
        {
            if (!Apply(segment, offset, bytes.AsSpan(offset, length)))
            {
                segment.Damage.Add((offset, length));
            }
        }

        scan.Chain.CopyTo(_chain, 0);
        var settled = (int)Math.Min(scan.Durable, segment.Length);
        _adopted = last ? (settled, bytes[settled..(int)segment.Length]) : (0, []);
        segment.Durable = segment.Length;
        segment.HasTail = fileLength > segment.Length;
        _segments.Add(segment);
        ReportDamage(segment, header, fileLength, last);
    }

    private void ReportDamage(Segment segment, SealedFileState header, long fileLength, bool last)
    {
        var damaged = segment.DamagedBytes + (last ? 0 : fileLength - segment.Length);
        if (segment.Damage.Count > 0 || header == SealedFileState.Damaged || (!last && segment.HasTail))
        {
            Problem(SpoolProblemKind.Corrupt, Path.GetFileName(segment.Path), damaged);
        }

        if (last && segment.HasTail)
        {
            Problem(SpoolProblemKind.TornTail, Path.GetFileName(segment.Path), fileLength - segment.Length);
        }
    }

    private bool Apply(Segment segment, int offset, ReadOnlySpan<byte> entry)
    {
        var reader = new EntryReader(EntryFormat.Body(entry));
        switch (EntryFormat.Kind(entry))
        {
            case SpoolEntryKind.EpochOpen:
                if (!reader.TryEpoch(out var id) || !reader.TryUInt64(out var epochNo))
                {
                    return false;
                }

                _contents.Add(new SpoolEpoch(id, epochNo, reader.Rest.ToArray()));
                return true;

            case SpoolEntryKind.Record:
                if (!TryParse(entry, out var record, out _))
                {
                    return false;
                }

                segment.Add(record.Key, record.Seq, entry.Length);
                return reader.TryKey(out _) && reader.TryUInt64(out _) && _contents.TryCheckpoints(ref reader);

            case SpoolEntryKind.Checkpoint:
                return _contents.TryCheckpoints(ref reader);

            case SpoolEntryKind.Gaps:
                return _contents.TryGaps(ref reader);

            case SpoolEntryKind.Snapshot:
                if (!reader.TryUInt64(out var unixMs) || !_contents.TryReplace(reader.Rest))
                {
                    return false;
                }

                segment.Begin = offset + entry.Length;
                segment.BegunAt = unixMs <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                    ? DateTimeOffset.FromUnixTimeMilliseconds((long)unixMs)
                    : null;
                return true;

            default:
                return false;
        }
    }

    /// <summary>Nobody can open records without the frame that opens their epoch.</summary>
    private void NoteLostEpochs()
    {
        foreach (var segment in _segments)
        {
            foreach (var key in segment.Records.Keys)
            {
                if (_contents.Find(key.Epoch) is not null)
                {
                    continue;
                }

                foreach (var gap in UnackedGaps(segment, GapReason.EpochLost).Where(gap => gap.Key == key))
                {
                    _contents.Gaps.Add(gap, saved: false);
                }

                segment.Records.Remove(key);
            }
        }
    }

    private void NoteHoles(bool acksKnown)
    {
        foreach (var epoch in _contents.Epochs)
        {
            foreach (var (stream, last) in epoch.LastSeq)
            {
                var key = new StreamKey(epoch.Id, stream);
                var known = Accounted(key);
                ulong from;
                if (_acks.TryGet(key, out var through))
                {
                    from = through + 1;
                }
                else if (acksKnown || known.IsEmpty)
                {
                    from = acksKnown ? FirstSeq : last + 1;
                }
                else
                {
                    from = known.Ranges[0].From;
                }

                if (from <= last)
                {
                    NoteMissing(key, new SeqRange(from, last), GapReason.Corrupt);
                }
            }
        }
    }

    /// <summary>
    /// What was read back after a kill may not be on the medium yet; it is, before any of it is sent. Written anew, because a sync that
    /// failed before the kill leaves pages that no later sync writes.
    /// </summary>
    private void Adopt()
    {
        _chain.CopyTo(_durableChain, 0);
        try
        {
            SyncNames();
            if (Active is not null)
            {
                CutTail(Active);
                if (_adopted.Bytes.Length > 0)
                {
                    Active.File.Write(_adopted.Offset, _adopted.Bytes);
                }

                Active.File.Sync();
            }
        }
        catch (IOException e)
        {
            Failed(e);
        }

        _adopted = (0, []);
    }

    private void Repair(Action action)
    {
        try
        {
            action();
        }
        catch (IOException e)
        {
            Problem(SpoolProblemKind.Corrupt, e.Message, 0);
        }
    }
}
