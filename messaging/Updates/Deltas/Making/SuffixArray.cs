namespace Messaging.Updates.Deltas.Making;

/// <summary>
/// All suffixes of some bytes in order, by induced sorting (G. Nong, S. Zhang, W. H. Chan: Two Efficient Algorithms for Linear Time Suffix Array Construction, 2011).
/// Linear time; about six bytes of memory for each byte, beside the bytes.
/// </summary>
internal static class SuffixArray
{
    private const int Empty = -1;

    /// <summary>The places of the suffixes, the smallest first. A suffix comes before those that it begins.</summary>
    public static int[] Of(byte[] text, int length, CancellationToken stop = default)
    {
        var sorted = new int[length];
        Sort(new ByteText(text), sorted, byte.MaxValue + 1, stop);
        return sorted;
    }

    private static void Sort<TText>(TText text, int[] sorted, int letters, CancellationToken stop)
        where TText : struct, IText
    {
        var length = sorted.Length;
        if (length == 0)
        {
            return;
        }

        // A suffix is rising if it is smaller than the next one. The last one is not: behind it stands what is smaller than all.
        stop.ThrowIfCancellationRequested();
        var rising = new Bits(length);
        var counts = new int[letters];
        counts[text[length - 1]]++;
        for (var i = length - 2; i >= 0; i--)
        {
            int here = text[i], next = text[i + 1];
            counts[here]++;
            if (here < next || (here == next && rising[i + 1]))
            {
                rising.Set(i);
            }
        }

        var turns = Turns(rising, length);
        Induce(text, sorted, counts, rising, turns);
        stop.ThrowIfCancellationRequested();
        if (turns.Length > 1)
        {
            SortTurns(text, sorted, rising, turns, stop);
            Induce(text, sorted, counts, rising, turns);
        }
    }

    /// <summary>Where suffixes begin to rise: from their order that of all others follows.</summary>
    private static int[] Turns(Bits rising, int length)
    {
        var count = 0;
        for (var i = 1; i < length; i++)
        {
            count += rising[i] && !rising[i - 1] ? 1 : 0;
        }

        var turns = new int[count];
        for (int i = 1, at = 0; i < length; i++)
        {
            if (rising[i] && !rising[i - 1])
            {
                turns[at++] = i;
            }
        }

        return turns;
    }

    /// <summary>Sorts the turns themselves: each piece between two gets a number by its rank, and the text of these numbers is sorted in turn.</summary>
    private static void SortTurns<TText>(TText text, int[] sorted, Bits rising, int[] turns, CancellationToken stop)
        where TText : struct, IText
    {
        // Pieces are now in order; no two turns are neighbours, so half of a place tells them apart.
        var names = new int[(sorted.Length / 2) + 1];
        int name = -1, last = Empty, seen = 0;
        foreach (var place in sorted)
        {
            if (place > 0 && rising[place] && !rising[place - 1])
            {
                name += last == Empty || !SamePiece(text, rising, last, place, sorted.Length) ? 1 : 0;
                names[place / 2] = name;
                last = place;
                seen++;
            }
        }

        var shorter = new int[turns.Length];
        for (var i = 0; i < turns.Length; i++)
        {
            shorter[i] = names[turns[i] / 2];
        }

        names = null;
        var order = new int[turns.Length];
        if (name + 1 == seen)
        {
            for (var i = 0; i < shorter.Length; i++)
            {
                order[shorter[i]] = i;
            }
        }
        else
        {
            Sort(new NumberText(shorter), order, name + 1, stop);
        }

        for (var i = 0; i < order.Length; i++)
        {
            order[i] = turns[order[i]];
        }

        order.CopyTo(turns, 0);
    }

    private static bool SamePiece<TText>(TText text, Bits rising, int a, int b, int length)
        where TText : struct, IText
    {
        for (var i = 0; ; i++)
        {
            if (a + i == length || b + i == length || text[a + i] != text[b + i] || rising[a + i] != rising[b + i])
            {
                return false;
            }

            if (i > 0 && rising[a + i] && !rising[a + i - 1])
            {
                return rising[b + i] && !rising[b + i - 1];
            }
        }
    }

    private static void Induce<TText>(TText text, int[] sorted, int[] counts, Bits rising, int[] turns)
        where TText : struct, IText
    {
        Array.Fill(sorted, Empty);
        var ends = Ends(counts);
        for (var i = turns.Length - 1; i >= 0; i--)
        {
            sorted[--ends[text[turns[i]]]] = turns[i];
        }

        var starts = Starts(counts);
        var last = sorted.Length - 1;
        sorted[starts[text[last]]++] = last;
        for (var i = 0; i < sorted.Length; i++)
        {
            var before = sorted[i] - 1;
            if (before >= 0 && !rising[before])
            {
                sorted[starts[text[before]]++] = before;
            }
        }

        ends = Ends(counts);
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            var before = sorted[i] - 1;
            if (before >= 0 && rising[before])
            {
                sorted[--ends[text[before]]] = before;
            }
        }
    }

    private static int[] Starts(int[] counts)
    {
        var starts = new int[counts.Length];
        for (var i = 1; i < counts.Length; i++)
        {
            starts[i] = starts[i - 1] + counts[i - 1];
        }

        return starts;
    }

    private static int[] Ends(int[] counts)
    {
        var ends = new int[counts.Length];
        var sum = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            ends[i] = sum += counts[i];
        }

        return ends;
    }

    private interface IText
    {
        int this[int place] { get; }
    }

    private readonly struct ByteText(byte[] text) : IText
    {
        public int this[int place] => text[place];
    }

    private readonly struct NumberText(int[] text) : IText
    {
        public int this[int place] => text[place];
    }

    private readonly struct Bits(int length)
    {
        private readonly ulong[] _words = new ulong[(length / 64) + 1];

        public bool this[int place] => (_words[place >> 6] >> place & 1) != 0;

        public void Set(int place) => _words[place >> 6] |= 1UL << place;
    }
}
