namespace Messaging.Agent.Spool;

/// <summary>The lost ranges that the server has not yet confirmed to know.</summary>
internal sealed class GapLedger(int limit)
{
    private readonly List<SpoolGap> _gaps = [];
    private readonly List<SpoolGap> _unsaved = [];

    public IReadOnlyList<SpoolGap> Outstanding => _gaps;

    /// <summary>Those that no entry on disk names yet.</summary>
    public IReadOnlyList<SpoolGap> Unsaved => _unsaved;

    /// <summary>Ranges that had to be forgotten because too many were outstanding.</summary>
    public long Forgotten { get; private set; }

    public void Add(in SpoolGap gap, bool saved)
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

    public void Saved() => _unsaved.Clear();

    /// <summary>What was written last did not reach the disk: all of it is to be written again.</summary>
    public void NotSaved()
    {
        _unsaved.Clear();
        _unsaved.AddRange(_gaps);
    }

    /// <summary>The server knows: everything of this stream inside <paramref name="range"/> is settled.</summary>
    public void Retire(StreamKey key, SeqRange range)
    {
        _gaps.RemoveAll(gap => gap.Key == key && gap.Range.From >= range.From && gap.Range.To <= range.To);
        _unsaved.RemoveAll(gap => gap.Key == key && gap.Range.From >= range.From && gap.Range.To <= range.To);
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
            _gaps.InsertRange(i, present.Missing(gap.Range).Select(range => gap with { Range = range }));
        }
    }

    public void Clear()
    {
        _gaps.Clear();
        _unsaved.Clear();
    }

    private static void Merge(List<SpoolGap> gaps, in SpoolGap gap)
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
