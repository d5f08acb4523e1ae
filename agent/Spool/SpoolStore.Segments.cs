using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Segments come (roll) and go (acked, evicted).</summary>
internal sealed partial class SpoolStore
{
    private const string TemporarySuffix = ".new";

    /// <summary>Begins a segment with a snapshot. The file appears under its name only when it is whole.</summary>
    private void Roll()
    {
        if (Active is { } full)
        {
            // Behind the last segment junk is a power cut's; anywhere else it is damage.
            CutTail(full);
            if (!SyncActive())
            {
                throw new IOException(_failure);
            }
        }

        // What the snapshot no longer names as lost because the server knows must be confirmed on disk before: else it looks lost again.
        WriteAcks();
        Prune();
        var number = (Active?.Number ?? _highestNumber) + 1;
        var path = Path.Combine(_folder, Segment.FileName(number));
        var file = _disk.Open(path + TemporarySuffix, create: true);
        try
        {
            Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            _chain.CopyTo(chain);
            SegmentHeader.Write(header, SegmentHeader.SpoolMagic, number, chain);
            var begunAt = _time.GetUtcNow();
            _writer.Begin(SpoolEntryKind.Snapshot);
            _writer.UInt64((ulong)begunAt.ToUnixTimeMilliseconds());
            _contents.WriteTo(_writer);
            var snapshot = _writer.Finish(chain, 0);
            file.SetLength(0);
            file.Write(0, header);
            file.Write(header.Length, snapshot);
            file.Sync();
            _disk.Rename(path + TemporarySuffix, path);

            var length = header.Length + snapshot.Length;
            _segments.Add(new Segment(number, path, file) { IsNew = true, Length = length, Begin = length, BegunAt = begunAt });
            chain.CopyTo(_chain);
            chain.CopyTo(_durableChain);
            _highestNumber = number;
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        if (!SyncActive())
        {
            throw new IOException(_failure);
        }

        _contents.Gaps.Saved();
        ForgetPruned();
    }

    private List<SpoolGap> UnackedGaps(Segment segment, GapReason reason) => Gaps(segment, _ => true, reason);

    private void FreeAcked()
    {
        for (var i = _segments.Count - 2; i >= 0; i--)
        {
            if (UnackedIn(_segments[i]) == 0)
            {
                // The acks go first: what a deleted segment held must not look lost at the next start.
                WriteAcks();
                Delete(_segments[i]);
            }
        }
    }

    private void Delete(Segment segment)
    {
        _disk.Delete(segment.Path);
        _segments.Remove(segment);
        segment.Dispose();
        _disk.SyncDirectory(_folder);
    }

    private void WriteAcks()
    {
        if (_acksChanged)
        {
            Disk.SealedFile.Write(_disk, Path.Combine(_folder, AckFile), AckMagic, AckVersion, _acks.Encode());
            _acksChanged = false;
        }
    }

    /// <summary>
    /// Forgets epochs of which no file holds a record any more; the newest stays for its successor. Not those whose records are
    /// all acked: the acks may be forgotten by a power cut, and then the records are sent again.
    /// </summary>
    private void Prune()
    {
        var held = new HashSet<EpochId>();
        foreach (var segment in _segments)
        {
            foreach (var key in segment.Records.Keys)
            {
                held.Add(key.Epoch);
            }
        }

        foreach (var gap in _contents.Gaps.All)
        {
            held.Add(gap.Key.Epoch);
        }

        for (var i = _contents.Epochs.Count - 2; i >= 0; i--)
        {
            var epoch = _contents.Epochs[i];
            if (!held.Contains(epoch.Id))
            {
                _contents.Remove(epoch);
                _pruned.Add(epoch.Id);
            }
        }
    }

    /// <summary>Only when no snapshot on disk names these epochs any more: without their acks all of their records would look lost.</summary>
    private void ForgetPruned()
    {
        foreach (var epoch in _pruned)
        {
            _acks.Forget(epoch);
            _acksChanged = true;
        }

        _pruned.Clear();
    }

    private void BoundEpochs()
    {
        if (_contents.Epochs.Count <= _limits.MaxEpochs)
        {
            return;
        }

        Prune();
        while (_contents.Epochs.Count > _limits.MaxEpochs)
        {
            var epoch = _contents.Epochs[0];
            foreach (var segment in _segments)
            {
                foreach (var gap in UnackedGaps(segment, GapReason.TooManyEpochs).Where(gap => gap.Key.Epoch == epoch.Id))
                {
                    _contents.Gaps.Add(gap, saved: false);
                }
            }

            foreach (var segment in _segments)
            {
                segment.Forget(epoch.Id);
            }

            _contents.Remove(epoch);
        }
    }
}
