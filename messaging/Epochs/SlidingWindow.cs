namespace Messaging.Epochs;

/// <summary>
/// Which of the last 4,096 records of a stream were received, for streams that are not acknowledged: what is older is refused, what was
/// lost stays lost. Not thread-safe. Allocates nothing after its construction.
/// </summary>
public sealed class SlidingWindow
{
    /// <summary>How many sequence numbers up to the highest are remembered.</summary>
    public const int Size = 4096;

    // The bit of sequence number s is s % Size; only bits in (highest - Size, highest] can be set.
    private readonly ulong[] _bits = new ulong[Size / 64];

    /// <summary>The highest sequence number that was accepted; 0 for none.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Says whether a record is new. Changes nothing.</summary>
    /// <param name="seq">The record's sequence number, from 1.</param>
    public ReplayVerdict Check(ulong seq)
    {
        if (seq > Highest)
        {
            return ReplayVerdict.Fresh;
        }

        if (seq == 0 || Highest - seq >= Size)
        {
            return ReplayVerdict.TooOld;
        }

        return (_bits[Word(seq)] & Bit(seq)) != 0 ? ReplayVerdict.Replay : ReplayVerdict.Fresh;
    }

    /// <summary>Remembers a record as received. False, and nothing changes, unless it is fresh.</summary>
    /// <param name="seq">The record's sequence number, from 1.</param>
    public bool Accept(ulong seq)
    {
        if (Check(seq) != ReplayVerdict.Fresh)
        {
            return false;
        }

        if (seq > Highest)
        {
            if (seq - Highest >= Size)
            {
                Array.Clear(_bits);
            }
            else
            {
                for (var skipped = Highest + 1; skipped < seq; skipped++)
                {
                    _bits[Word(skipped)] &= ~Bit(skipped);
                }
            }

            Highest = seq;
        }

        _bits[Word(seq)] |= Bit(seq);
        return true;
    }

    private static int Word(ulong seq) => (int)(seq % Size / 64);

    private static ulong Bit(ulong seq) => 1UL << (int)(seq % 64);
}
