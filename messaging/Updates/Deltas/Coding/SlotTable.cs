namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// What was learned of each bit in each context. A slot is a probability of 1 (16 bits), ten bits of the context's hash to tell most strangers from it, and how
/// often it was seen (6 bits). A context that meets another's slot takes it. The bits of half a byte are in one line of sixteen slots.
/// </summary>
internal sealed class SlotTable
{
    /// <summary>Slots of a line.</summary>
    public const int Line = 16;

    /// <summary>Where counting ends at the latest.</summary>
    public const int MostSeen = 63;

    private const int MostLineBits = 16;
    private const int LeastLineBits = 8;

    // A line for each 32 bytes of the new file.
    private const int LineShareBits = 5;
    private const uint Unknown = 0x8000_0000;
    private const uint CheckMask = 0x0000_FFC0;
    private const int CountMask = MostSeen;
    private readonly uint[] _slots;
    private readonly int _lineShift;

    /// <param name="newLength">Bytes of the new file: a small one needs fewer slots.</param>
    public SlotTable(long newLength)
    {
        var lineBits = Math.Clamp(64 - (int)ulong.LeadingZeroCount((ulong)newLength) - LineShareBits, LeastLineBits, MostLineBits);
        _slots = new uint[Line << lineBits];
        _lineShift = 32 - lineBits;
    }

    /// <summary>Spreads what a context knows.</summary>
    public static uint Hash(uint context)
    {
        context *= 0x9E37_79B1;
        context ^= context >> 15;
        context *= 0x85EB_CA77;
        return context ^ context >> 13;
    }

    /// <summary>The slot of a bit.</summary>
    /// <param name="hash">Of its context, and of the half byte before it.</param>
    /// <param name="node">1 to 15: the bits before it in its half byte, behind a 1.</param>
    public ref uint Find(uint hash, int node)
    {
        var check = hash << 2 & CheckMask;
        ref var slot = ref _slots[(int)(hash >> _lineShift) * Line | (node ^ (int)hash & (Line - 1))];
        if ((slot & CheckMask) != check || slot == 0)
        {
            slot = Unknown | check;
        }

        return ref slot;
    }

    /// <summary>How likely the bit is 1, in 1/65536.</summary>
    public static int Probability(uint slot) => (int)(slot >> 16);

    /// <summary>How often it was seen.</summary>
    public static int Seen(uint slot) => (int)slot & CountMask;

    /// <summary>The slot with a bit more learned.</summary>
    /// <param name="slot">As it was.</param>
    /// <param name="bit">The bit.</param>
    /// <param name="rate">How much it counts, in 1/65536.</param>
    /// <param name="mostSeen">Where counting ends.</param>
    public static uint Learned(uint slot, int bit, int rate, int mostSeen)
    {
        var probability = (int)(slot >> 16);
        probability += (int)((long)((bit << 16) - bit - probability) * rate >> 16);
        return (uint)probability << 16 | slot & CheckMask | (uint)Math.Min(Seen(slot) + 1, mostSeen);
    }
}
