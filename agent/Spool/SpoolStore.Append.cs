using Messaging.Wire;

namespace Messaging.Agent.Spool;

internal sealed partial class SpoolStore
{
    /// <summary>Durable when true. Records of the epoch may be appended after it.</summary>
    public bool AppendEpoch(EpochId id, ulong number, ReadOnlySpan<byte> openFrame)
    {
        lock (_gate)
        {
            if (!Prepare(openFrame.Length))
            {
                return false;
            }

            var epoch = new SpoolEpoch(id, number, openFrame.ToArray())
            {
                Begin = new SpoolCursor(Active!.Number, Active.Length, Active.Generation),
            };

            _writer.Begin(SpoolEntryKind.EpochOpen);
            _writer.Epoch(id);
            _writer.UInt64(number);
            _writer.Raw(openFrame);
            if (!Write() || !SyncActive())
            {
                return false;
            }

            _contents.Add(epoch);
            BoundEpochs();
            return true;
        }
    }

    /// <summary>
    /// Appends a sealed record and, in the same entry, the positions of the sources that its content came from. On false it is
    /// not in the spool and its sequence number is a gap: the content may be sealed again under the next one.
    /// </summary>
    /// <param name="record">What the frame is.</param>
    /// <param name="frame">Exactly what will be sent.</param>
    /// <param name="checkpoints">May be empty.</param>
    /// <param name="durable">Sync before returning; else at the next <see cref="Sync"/>.</param>
    public bool AppendRecord(in SpoolRecord record, ReadOnlySpan<byte> frame, ReadOnlySpan<Checkpoint> checkpoints, bool durable)
    {
        bool appended, advanced;
        lock (_gate)
        {
            appended = TryAppend(record, frame, checkpoints);
            if (!appended)
            {
                _contents.Gaps.Add(new SpoolGap(record.Key, new SeqRange(record.Seq, record.Seq), GapReason.DiskFailed), saved: false);
            }
            else
            {
                _waitingSince ??= _time.GetUtcNow();
            }

            _contents.Find(record.Key.Epoch)?.Raise(record.Key.Stream, record.Seq);
            advanced = appended && (durable || _unsynced.Count >= _limits.MaxUnsynced);
            if (advanced)
            {
                // A failed sync turns the record into a gap by itself.
                appended = advanced = SyncActive();
            }
        }

        if (advanced)
        {
            Advanced?.Invoke();
        }

        return appended;
    }

    /// <summary>Moves positions without content. Durable with the next sync.</summary>
    public bool AppendCheckpoints(ReadOnlySpan<Checkpoint> checkpoints)
    {
        lock (_gate)
        {
            if (!Prepare(CheckpointBytes(checkpoints)))
            {
                return false;
            }

            _writer.Begin(SpoolEntryKind.Checkpoint);
            WriteCheckpoints(checkpoints);
            return Write() && Remember(checkpoints);
        }
    }

    /// <summary>Makes everything that was appended durable, and with that ready to be sent.</summary>
    public bool Sync()
    {
        bool advanced;
        lock (_gate)
        {
            if (Active is null || Active.Durable == Active.Length)
            {
                return true;
            }

            advanced = SyncActive();
        }

        if (advanced)
        {
            Advanced?.Invoke();
        }

        return advanced;
    }

    /// <summary>Whether the disk takes writes; tries it again when it refused a while ago.</summary>
    public bool TryHeal()
    {
        lock (_gate)
        {
            return _failure is null || (Prepare(0) && SyncActive());
        }
    }

    private bool TryAppend(in SpoolRecord record, ReadOnlySpan<byte> frame, ReadOnlySpan<Checkpoint> checkpoints)
    {
        if (!Prepare(frame.Length + CheckpointBytes(checkpoints)))
        {
            return false;
        }

        _writer.Begin(SpoolEntryKind.Record);
        _writer.Epoch(record.Key.Epoch);
        _writer.UInt32(record.Key.Stream);
        _writer.UInt64(record.Seq);
        WriteCheckpoints(checkpoints);
        _writer.Raw(frame);
        if (!Write())
        {
            return false;
        }

        Active!.Add(record.Key, record.Seq, frame.Length);
        _unsynced.Add(record);
        return Remember(checkpoints);
    }

    private void WriteCheckpoints(ReadOnlySpan<Checkpoint> checkpoints)
    {
        _writer.UInt32((uint)checkpoints.Length);
        foreach (var checkpoint in checkpoints)
        {
            _writer.Checkpoint(checkpoint.Key, checkpoint.Value.Span);
        }
    }

    private bool Remember(ReadOnlySpan<Checkpoint> checkpoints)
    {
        foreach (var checkpoint in checkpoints)
        {
            _contents.Set(checkpoint.Key, checkpoint.Value.Span);
        }

        return true;
    }

    private static int CheckpointBytes(ReadOnlySpan<Checkpoint> checkpoints)
    {
        var bytes = 0;
        foreach (var checkpoint in checkpoints)
        {
            bytes += (checkpoint.Key.Length * 3) + checkpoint.Value.Length + 8;
        }

        return bytes;
    }

    /// <summary>Room for an entry, in a segment that can be written; gaps that are not on disk yet go first.</summary>
    private bool Prepare(int bytes)
    {
        if (_failure is not null && _time.GetElapsedTime(_failedAt) < _limits.RetryAfter)
        {
            return false;
        }

        try
        {
            var entry = bytes + EntryFormat.HeaderBytes + 64;
            if (Active is null || (Active.Length > Active.Begin && Active.Length - Active.Begin + entry > SegmentLimit()))
            {
                Roll();
            }

            Evict(entry);
            CutTail(Active!);
        }
        catch (IOException e)
        {
            Failed(e);
            return false;
        }

        return SaveGaps();
    }

    private bool SaveGaps()
    {
        if (_contents.Gaps.Unsaved.Count == 0)
        {
            return true;
        }

        _writer.Begin(SpoolEntryKind.Gaps);
        _writer.UInt32((uint)_contents.Gaps.Unsaved.Count);
        foreach (var gap in _contents.Gaps.Unsaved)
        {
            _writer.Gap(gap);
        }

        if (!Write())
        {
            return false;
        }

        _contents.Gaps.Saved();
        return true;
    }

    private static void CutTail(Segment segment)
    {
        if (segment.HasTail)
        {
            segment.File.SetLength(segment.Length);
            segment.HasTail = false;
        }
    }

    private bool Write()
    {
        var segment = Active!;
        Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
        _chain.CopyTo(chain);
        try
        {
            var entry = _writer.Finish(chain, segment.Durable);
            segment.HasTail = true;
            segment.File.Write(segment.Length, entry);
            segment.HasTail = false;
            segment.Length += entry.Length;
            chain.CopyTo(_chain);
            return true;
        }
        catch (IOException e)
        {
            Failed(e);
            return false;
        }
    }

    private bool SyncActive()
    {
        var segment = Active!;
        try
        {
            if (segment.IsNew || !_namesAreDurable)
            {
                SyncNames();
                segment.IsNew = false;
            }

            segment.File.Sync();
            segment.Durable = segment.Length;
            _chain.CopyTo(_durableChain, 0);
            _unsynced.Clear();
            Healthy();
            return true;
        }
        catch (IOException e)
        {
            Failed(e);
            ForgetUnsynced(segment);
            return false;
        }
    }

    /// <summary>The folder's own name too: whoever made it may have been killed before that was on the medium.</summary>
    private void SyncNames()
    {
        if (!_namesAreDurable)
        {
            _disk.SyncDirectory(Path.GetDirectoryName(_folder)!);
        }

        _disk.SyncDirectory(_folder);
        _namesAreDurable = true;
    }

    /// <summary>After a failed fsync nobody knows what is on the disk, and the next one would not tell: what was not synced is lost.</summary>
    private void ForgetUnsynced(Segment segment)
    {
        for (var i = _unsynced.Count - 1; i >= 0; i--)
        {
            segment.Remove(_unsynced[i].Key, _unsynced[i].Seq);
        }

        foreach (var record in _unsynced)
        {
            _contents.Gaps.Add(new SpoolGap(record.Key, new SeqRange(record.Seq, record.Seq), GapReason.DiskFailed), saved: false);
        }

        _unsynced.Clear();
        _contents.Gaps.NotSaved();
        segment.Length = Math.Max(segment.Durable, segment.Begin);
        segment.HasTail = true;
        _durableChain.CopyTo(_chain, 0);
    }

    private void Healthy()
    {
        if (_failure is not null)
        {
            Problem(SpoolProblemKind.Recovered, _failure, (long)(_time.GetUtcNow() - _failedSince).TotalSeconds);
            _failure = null;
        }
    }

    private void Failed(IOException e)
    {
        if (_failure is null)
        {
            _failedSince = _time.GetUtcNow();
            Problem(SpoolProblemKind.WriteFailed, e.Message, 1);
        }

        _failure = e.Message;
        _failedAt = _time.GetTimestamp();
    }
}
