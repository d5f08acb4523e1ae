using Messaging.Wire;

namespace Messaging.Agent.Spool;

internal sealed partial class SpoolStore
{
    /// <summary>
    /// Whether an acknowledgement is newer than all before it, those before this process was started included. Only what such a one says
    /// may be held against what was said earlier: the relay can hold back, reorder and repeat.
    /// </summary>
    public bool IsNewestAck(AckPosition position)
    {
        lock (_gate)
        {
            return _acks.TryAdvance(position);
        }
    }

    /// <summary>The server has stored everything of the stream through this number. Frees whole segments.</summary>
    /// <returns>True when that was news.</returns>
    public bool Ack(EpochId epoch, uint stream, ulong through)
    {
        lock (_gate)
        {
            var key = new StreamKey(epoch, stream);
            var known = _contents.Find(epoch);
            if (through == 0 || known is null || !known.LastSeq.TryGetValue(stream, out var last) || !_acks.Raise(key, Math.Min(through, last)))
            {
                return false;
            }

            _acksChanged = true;
            ForgetConfirmedGaps();
            if (_segments.All(segment => UnackedIn(segment) == 0))
            {
                _waitingSince = null;
            }

            try
            {
                FreeAcked();
            }
            catch (IOException e)
            {
                // The segment is freed after a later ack.
                Failed(e);
            }

            return true;
        }
    }

    /// <summary>
    /// By its newest word the server has everything of the stream through this number only, though it had confirmed more: it was restored
    /// from an older backup. What is still here goes again; what was deleted is a gap, without which nothing after it would ever be confirmed.
    /// </summary>
    /// <returns>True when it had confirmed more.</returns>
    public bool FallBack(EpochId epoch, uint stream, ulong through)
    {
        lock (_gate)
        {
            var key = new StreamKey(epoch, stream);
            if (_contents.Find(epoch) is not { } known || !known.LastSeq.TryGetValue(stream, out var last)
                || !_acks.TryGet(key, out var confirmed) || Math.Min(confirmed, last) <= through)
            {
                return false;
            }

            _acks.Lower(key, through);
            _acksChanged = true;
            _contents.Gaps.Reopen(key, through);
            var lost = NoteMissing(key, new SeqRange(through + 1, last), GapReason.ServerRestored);
            if (_segments.Any(segment => UnackedIn(segment) > 0))
            {
                _waitingSince ??= _time.GetUtcNow();
            }

            Problem(SpoolProblemKind.ServerRestored, $"epoch {known.Number}, stream {stream}", lost);
            return true;
        }
    }

    /// <summary>Through which number the server has everything of a stream; 0 for nothing.</summary>
    public ulong AckedThrough(StreamKey key)
    {
        lock (_gate)
        {
            return _acks.TryGet(key, out var through) ? through : 0;
        }
    }

    public bool IsAcked(in SpoolRecord record)
    {
        lock (_gate)
        {
            return _acks.Covers(record.Key, record.Seq);
        }
    }

    /// <summary>The record that told the server about this gap is acked.</summary>
    public void RetireGap(in SpoolGap gap)
    {
        lock (_gate)
        {
            _contents.Gaps.Retire(gap.Key, gap.Range);
            var settled = _acks.TryGet(gap.Key, out var through) ? gap.Range.From <= through + 1 : gap.Range.From == FirstSeq;
            if (settled)
            {
                _acksChanged |= _acks.Raise(gap.Key, gap.Range.To);
            }

            ForgetConfirmedGaps();
        }
    }

    private void ForgetConfirmedGaps() => _contents.Gaps.Forget(gap => _acks.Covers(gap.Key, gap.Range.To));

    /// <summary>What is here of a stream, or known to be lost and not settled yet.</summary>
    private SeqRanges Accounted(StreamKey key)
    {
        var accounted = new SeqRanges();
        foreach (var segment in _segments)
        {
            if (segment.Records.TryGetValue(key, out var ranges))
            {
                accounted.Add(ranges);
            }
        }

        foreach (var gap in _contents.Gaps.All.Where(gap => gap.Key == key))
        {
            accounted.Add(gap.Range);
        }

        return accounted;
    }

    /// <summary>Whatever of a range is not accounted for is a gap.</summary>
    /// <returns>How many records that are.</returns>
    private long NoteMissing(StreamKey key, SeqRange range, GapReason reason)
    {
        long count = 0;
        foreach (var hole in Accounted(key).Missing(range))
        {
            _contents.Gaps.Add(new SpoolGap(key, hole, reason), saved: false);
            count += (long)(hole.To - hole.From) + 1;
        }

        return count;
    }

    /// <summary>Writes the acks; losing them only makes records go twice.</summary>
    public void SaveAcks()
    {
        lock (_gate)
        {
            try
            {
                WriteAcks();
            }
            catch (IOException e)
            {
                Failed(e);
            }
        }
    }
}
