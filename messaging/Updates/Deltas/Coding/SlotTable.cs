namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// What was learned of each bit in each context: a probability of 1 (16 bits), ten bits of the context's hash to tell most strangers from it, and how
/// often it was seen (6 bits). A context that meets another's slot takes it.
/// </summary>
internal sealed class SlotTable
{
    public const int SizeBits = 20;

    private const uint Unknown = 0x8000_0000;
    private const uint CheckMask = 0x0000_FFC0;
    private const int CountMask = 0x3F;
    private const int MostSeen = 60;
    private readonly uint[] _slots = new uint[1 << SizeBits];
    private readonly int[] _rates = new int[MostSeen + 1];

    public SlotTable()
    {
        for (var seen = 0; seen < _rates.Length; seen++)
        {
            _rates[seen] = (2 * 65536) / ((2 * seen) + 3);
        }
    }

    /// <summary>The place of a bit, by the hash of its context and of what is known of the value that it is part of.</summary>
    public int Find(uint hash)
    {
        hash *= 0x9E37_79B1;
        hash ^= hash >> 15;
        hash *= 0x85EB_CA77;
        var place = (int)(hash >> (32 - SizeBits));
        var check = hash << 6 & CheckMask;
        ref var slot = ref _slots[place];
        if ((slot & CheckMask) != check || slot == 0)
        {
            slot = Unknown | check;
        }

        return place;
    }

    /// <summary>How likely the bit is 1, in 1/65536.</summary>
    public int Probability(int place) => (int)(_slots[place] >> 16);

    /// <summary>How often it was seen: 0 to 60.</summary>
    public int Seen(int place) => (int)_slots[place] & CountMask;

    public void Learn(int place, int bit, int most)
    {
        ref var slot = ref _slots[place];
        var seen = (int)slot & CountMask;
        var probability = (int)(slot >> 16);
        probability += (int)((long)(((bit << 16) - bit) - probability) * _rates[seen] >> 16);
        slot = (uint)probability << 16 | slot & CheckMask | (uint)Math.Min(seen + 1, most);
    }
}
