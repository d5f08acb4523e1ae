using Messaging.Wire;

namespace Messaging.Agent.Spool;

internal sealed partial class SpoolStore
{
    /// <summary>The server has stored everything of the stream through this number. Frees whole segments.</summary>
    /// <returns>True when that was news.</returns>
    public bool Ack(EpochId epoch, uint stream, ulong through)
    {
        lock (_gate)
        {
            var key = new StreamKey(epoch, stream);
            var known = _contents.Find(epoch);
            if (known is null || !known.LastSeq.TryGetValue(stream, out var last) || !_acks.Raise(key, Math.Min(through, last)))
            {
                return false;
            }

            _acksChanged = true;
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
        }
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
