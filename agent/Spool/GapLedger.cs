namespace Messaging.Agent.Spool;

/// <summary>The lost ranges that the server has not yet confirmed to know.</summary>
internal sealed class GapLedger(int limit)
{
    private readonly List<SpoolGap> _gaps = [];
    private readonly List<SpoolGap> _settled = [];
    private readonly List<SpoolGap> _unsaved = [];

    public IReadOnlyList<SpoolGap> Outstanding => _gaps;

    /// <summary>
    /// Also those that the server knows while it still waits for records before them: no ack says so yet, and without their name on disk
    /// they would look lost anew after a start.
    /// </summary>
    public IEnumerable<SpoolGap> All => _gaps.Concat(_settled);

    public int Count => _gaps.Count + _settled.Count;

    /// <summary>Those that no entry on disk names yet.</summary>
    public IReadOnlyList<SpoolGap> Unsaved => _unsaved;

    /// <summary>Ranges that had to be forgotten because too many were outstanding.</summary>
    public long Forgotten { get; private set; }

    /// <summary>What of it is known keeps its reason; entries written again after a failure overlap earlier ones.</summary>
    public void Add(SpoolGap gap, bool saved)
    {
        var known = new SeqRanges();
        foreach (var other in All.Where(other => other.Key == gap.Key))
        {
            known.Add(other.Range);
        }

        foreach (var range in known.Missing(gap.Range))
        {
            AddNew(gap with { Range = range }, saved);
        }
    }

    public void Saved() => _unsaved.Clear();

    /// <summary>What was written last did not reach the disk: all of it is to be written again.</summary>
    public void NotSaved()
    {
        _unsaved.Clear();
        _unsaved.AddRange(All);
    }

    /// <summary>The server knows: everything of this stream inside <paramref name="range"/> is settled.</summary>
    public void Retire(StreamKey key, SeqRange range)
    {
        foreach (var gap in _gaps.Where(gap => gap.Key == key && gap.Range.From >= range.From && gap.Range.To <= range.To).ToArray())
        {
            _gaps.Remove(gap);
            Merge(_settled, gap);
        }
    }

    /// <summary>Forgets what is settled and confirmed.</summary>
    public void Forget(Func<SpoolGap, bool> isConfirmed) => _settled.RemoveAll(gap => isConfirmed(gap));

    /// <summary>The server no longer knows of what is behind <paramref name="through"/>.</summary>
    public void Reopen(StreamKey key, ulong through)
    {
        foreach (var gap in _settled.Where(gap => gap.Key == key && gap.Range.To > through).ToArray())
        {
            _settled.Remove(gap);
            Merge(_gaps, gap);
        }
    }

    /// <summary>Takes out what is on disk after all: a crash came between noting a drop and dropping.</summary>
    public void Exclude(StreamKey key, SeqRanges present)
    {
        for (var i = _gaps.Count - 1; i >= 0; i--)
        {
            var gap = _gaps[i];
            if (gap.Key != key)
            {
                continue;
            }

            _gaps.RemoveAt(i);
            var at = i;
            foreach (var range in present.Missing(gap.Range))
            {
                _gaps.Insert(at++, gap with { Range = range });
            }
        }
    }

    /// <summary>Takes out what the server has confirmed: it has those records, or knows that they are lost.</summary>
    public void Confirm(AckTable acks)
    {
        for (var i = _gaps.Count - 1; i >= 0; i--)
        {
            var gap = _gaps[i];
            if (!acks.TryGet(gap.Key, out var through) || gap.Range.From > through)
            {
                continue;
            }

            if (gap.Range.To <= through)
            {
                _gaps.RemoveAt(i);
            }
            else
            {
                _gaps[i] = gap with { Range = gap.Range with { From = through + 1 } };
            }
        }
    }

    public void Clear()
    {
        _gaps.Clear();
        _settled.Clear();
        _unsaved.Clear();
    }

    private void AddNew(SpoolGap gap, bool saved)
    {
        Merge(_gaps, gap);
        if (_gaps.Count > limit)
        {
            _gaps.RemoveAt(0);
            Forgotten++;
        }

        if (!saved)
        {
            Merge(_unsaved, gap);
            if (_unsaved.Count > limit)
            {
                _unsaved.RemoveAt(0);
            }
        }
    }

    private static void Merge(List<SpoolGap> gaps, SpoolGap gap)
    {
        for (var i = gaps.Count - 1; i >= 0 && i >= gaps.Count - 8; i--)
        {
            var other = gaps[i];
            if (other.Key == gap.Key && other.Reason == gap.Reason && gap.Range.From >= other.Range.From && gap.Range.From <= other.Range.To + 1)
            {
                gaps[i] = other with { Range = new SeqRange(other.Range.From, Math.Max(other.Range.To, gap.Range.To)) };
                return;
            }
        }

        gaps.Add(gap);
    }
}
