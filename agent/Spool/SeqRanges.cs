namespace Messaging.Agent.Spool;

/// <summary>A set of sequence numbers as sorted, disjoint, not adjacent ranges. Adding in rising order is O(1).</summary>
internal sealed class SeqRanges
{
    private readonly List<SeqRange> _ranges = [];

    public IReadOnlyList<SeqRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Count == 0;

    public ulong Last => _ranges[^1].To;

    public void Add(SeqRange range)
    {
        var at = _ranges.Count;
        while (at > 0 && Touches(_ranges[at - 1], range))
        {
            at--;
        }

        while (at < _ranges.Count && _ranges[at].From <= After(range.To))
        {
            range = new SeqRange(Math.Min(range.From, _ranges[at].From), Math.Max(range.To, _ranges[at].To));
            _ranges.RemoveAt(at);
        }

        _ranges.Insert(at, range);
    }

    public void Add(SeqRanges other)
    {
        foreach (var range in other._ranges)
        {
            Add(range);
        }
    }

    /// <summary>Takes back the highest number; true when nothing is left.</summary>
    public bool RemoveLast(ulong seq)
    {
        if (_ranges.Count > 0 && _ranges[^1].To == seq)
        {
            var last = _ranges[^1];
            _ranges.RemoveAt(_ranges.Count - 1);
            if (last.From < seq)
            {
                _ranges.Add(last with { To = seq - 1 });
            }
        }

        return IsEmpty;
    }

    /// <summary>The parts of <paramref name="range"/> that are not in this set, in order.</summary>
    public IEnumerable<SeqRange> Missing(SeqRange range)
    {
        var from = range.From;
        foreach (var present in _ranges)
        {
            if (present.To < from)
            {
                continue;
            }

            if (present.From > range.To)
            {
                break;
            }

            if (present.From > from)
            {
                yield return new SeqRange(from, present.From - 1);
            }

            if (present.To >= range.To)
            {
                yield break;
            }

            from = present.To + 1;
        }

        yield return new SeqRange(from, range.To);
    }

    private static bool Touches(SeqRange earlier, SeqRange range) => After(earlier.To) >= range.From;

    private static ulong After(ulong seq) => seq == ulong.MaxValue ? seq : seq + 1;
}
