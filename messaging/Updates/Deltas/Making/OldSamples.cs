namespace Messaging.Updates.Deltas.Making;

/// <summary>
/// Which pages of a large old file have something in common with a part of the new one: both are sampled where a rolling hash of their last 48 bytes has ten
/// zeros, so that the same content is sampled at the same places wherever it has moved.
/// </summary>
internal sealed class OldSamples
{
    /// <summary>A page of the old file, in bytes.</summary>
    public const int PageBytes = 1 << 20;

    private const int WindowBytes = 48;
    private const int SampleBits = 10;
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;
    private readonly Dictionary<ulong, int> _pages = [];
    private readonly IOldFile _old;
    private readonly ulong _leaving;

    /// <param name="old">Read once, page by page.</param>
    /// <param name="stop">Stops between two pages.</param>
    public OldSamples(IOldFile old, CancellationToken stop)
    {
        _old = old;
        _leaving = 1;
        for (var i = 0; i < WindowBytes; i++)
        {
            _leaving *= Factor;
        }

        var bytes = new byte[PageBytes];
        for (var page = 0; page < Pages; page++)
        {
            stop.ThrowIfCancellationRequested();
            var at = (long)page * PageBytes;
            var part = bytes.AsMemory(0, (int)Math.Min(PageBytes, old.Length - at));
            old.Read(at, part.Span);
            foreach (var sample in Samples(part))
            {
                _pages.TryAdd(sample, page);
            }
        }
    }

    private int Pages => (int)((_old.Length + PageBytes - 1) / PageBytes);

    /// <summary>The parts of the old file that are likest to a part of the new one: those that have the most in common, those beside them, and those at the same place.</summary>
    /// <param name="news">The part.</param>
    /// <param name="at">Where it is in the new file.</param>
    /// <param name="most">How many pages at most.</param>
    public List<OldExtent> Choose(ReadOnlyMemory<byte> news, long at, int most)
    {
        var votes = new int[Pages];
        foreach (var sample in Samples(news))
        {
            if (_pages.TryGetValue(sample, out var page))
            {
                votes[page]++;
            }
        }

        var chosen = new SortedSet<int>();
        foreach (var page in Enumerable.Range(0, votes.Length).Where(page => votes[page] > 0).OrderByDescending(page => votes[page]).ThenBy(static page => page))
        {
            Add(page);
        }

        foreach (var page in chosen.ToArray())
        {
            Add(page - 1);
            Add(page + 1);
        }

        var same = (int)Math.Min((at + (news.Length / 2)) / PageBytes, votes.Length - 1);
        for (var distance = 0; chosen.Count < most && distance <= votes.Length; distance++)
        {
            Add(same + distance);
            Add(same - distance);
        }

        return Extents(chosen);

        void Add(int page)
        {
            if (chosen.Count < most && page >= 0 && page < votes.Length)
            {
                chosen.Add(page);
            }
        }
    }

    private List<OldExtent> Extents(SortedSet<int> pages)
    {
        var extents = new List<OldExtent>();
        var view = 0;
        foreach (var page in pages)
        {
            var from = (long)page * PageBytes;
            var length = (int)Math.Min(PageBytes, _old.Length - from);
            if (extents is [.., var last] && last.From + last.Length == from)
            {
                extents[^1] = last with { Length = last.Length + length };
            }
            else
            {
                extents.Add(new OldExtent(from, view, length));
            }

            view += length;
        }

        return extents;
    }

    private IEnumerable<ulong> Samples(ReadOnlyMemory<byte> bytes)
    {
        var hash = 0UL;
        var last = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            hash = (hash * Factor) + bytes.Span[i] + 1;
            if (i >= WindowBytes)
            {
                hash -= _leaving * (bytes.Span[i - WindowBytes] + 1UL);
            }

            // Runs of one byte have one hash: it says nothing twice.
            if (i >= WindowBytes - 1 && hash >> (64 - SampleBits) == 0 && hash != last)
            {
                last = hash;
                yield return hash;
            }
        }
    }
}
