using System.Buffers.Binary;

namespace Messaging.Epochs;

/// <summary>
/// Which records of a stream were received, for streams that are acknowledged: everything up to <see cref="CumulativeThrough"/> and a
/// bitmap of the 4,096 sequence numbers after it. The window is anchored at the first missing record, so it never forgets one: senders
/// keep at most 4,096 unacknowledged records of a stream in flight. Not thread-safe. Check and Accept allocate nothing.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>How many sequence numbers after the first missing one can be received.</summary>
    public const int Size = 4096;

    /// <summary>The most bytes that <see cref="Save"/> gives.</summary>
    public const int MaxSavedBytes = 1 + sizeof(ulong) + (Size / 8);

    private const byte Version = 1;

    // The bit of sequence number s is s % Size; only bits in (cumulative, cumulative + Size] can be set.
    private readonly ulong[] _bits = new ulong[Size / 64];

    /// <summary>Every sequence number up to this one was received or declared lost; 0 for none. This is what is acknowledged.</summary>
    public ulong CumulativeThrough { get; private set; }

    /// <summary>The highest sequence number that was received or declared lost; 0 for none.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Reads what <see cref="Save"/> wrote; false for anything else.</summary>
    public static bool TryLoad(ReadOnlySpan<byte> saved, out ReplayWindow window)
    {
        window = new ReplayWindow();
        if (saved.Length is < 1 + sizeof(ulong) or > MaxSavedBytes || saved[0] != Version || (saved.Length > 1 + sizeof(ulong) && saved[^1] == 0))
        {
            return false;
        }

        window.CumulativeThrough = window.Highest = BinaryPrimitives.ReadUInt64BigEndian(saved[1..]);
        if (window.CumulativeThrough > ulong.MaxValue - Size)
        {
            return false;
        }

        var bitmap = saved[(1 + sizeof(ulong))..];
        for (var i = 0; i < bitmap.Length * 8; i++)
        {
            if ((bitmap[i / 8] >> (i % 8) & 1) != 0)
            {
                window.Set(window.CumulativeThrough + 1 + (ulong)i);
            }
        }

        // A window is always saved with its first missing number unset.
        return bitmap.IsEmpty || (bitmap[0] & 1) == 0;
    }

    /// <summary>Says whether a record is new. Changes nothing.</summary>
    /// <param name="seq">The record's sequence number, from 1.</param>
    public ReplayVerdict Check(ulong seq)
    {
        if (seq <= CumulativeThrough)
        {
            return ReplayVerdict.Replay;
        }

        if (seq - CumulativeThrough > Size)
        {
            return ReplayVerdict.TooNew;
        }

        return IsSet(seq) ? ReplayVerdict.Replay : ReplayVerdict.Fresh;
    }

    /// <summary>Remembers a record as received. False, and nothing changes, unless it is fresh.</summary>
    /// <param name="seq">The record's sequence number, from 1.</param>
    public bool Accept(ulong seq)
    {
        if (Check(seq) != ReplayVerdict.Fresh)
        {
            return false;
        }

        Set(seq);
        Advance();
        return true;
    }

    /// <summary>
    /// Declares records lost, so that the ones after them can be acknowledged. False, and nothing changes, when the range begins after
    /// the first missing record and ends beyond the window: earlier gaps must come first, and the sender will send this one again.
    /// </summary>
    /// <param name="from">The first lost sequence number, from 1.</param>
    /// <param name="to">The last lost sequence number.</param>
    public bool MarkGap(ulong from, ulong to)
    {
        if (from == 0 || to < from)
        {
            return false;
        }

        if (to <= CumulativeThrough)
        {
            return true;
        }

        if (from > CumulativeThrough + 1)
        {
            if (to - CumulativeThrough > Size)
            {
                return false;
            }

            for (var seq = from; seq <= to; seq++)
            {
                Set(seq);
            }

            return true;
        }

        for (var seq = CumulativeThrough + 1; seq <= to && seq <= Highest; seq++)
        {
            Clear(seq);
        }

        CumulativeThrough = to;
        Highest = Math.Max(Highest, to);
        Advance();
        return true;
    }

    /// <summary>
    /// Writes the window: 1, the cumulative number as 8 bytes big-endian, then a bit for each later number, least significant bit first,
    /// without trailing zero bytes. At most <see cref="MaxSavedBytes"/>.
    /// </summary>
    public byte[] Save()
    {
        var bitmapBytes = (int)((Highest - CumulativeThrough + 7) / 8);
        var saved = new byte[1 + sizeof(ulong) + bitmapBytes];
        saved[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(saved.AsSpan(1), CumulativeThrough);
        for (var i = 0; i < bitmapBytes * 8; i++)
        {
            var seq = CumulativeThrough + 1 + (ulong)i;
            if (seq <= Highest && IsSet(seq))
            {
                saved[1 + sizeof(ulong) + (i / 8)] |= (byte)(1 << (i % 8));
            }
        }

        return saved;
    }

    /// <summary>A copy that changes on its own: what a transaction works on.</summary>
    public ReplayWindow Clone()
    {
        var copy = new ReplayWindow { CumulativeThrough = CumulativeThrough, Highest = Highest };
        _bits.CopyTo(copy._bits, 0);
        return copy;
    }

    private void Advance()
    {
        while (CumulativeThrough < Highest && IsSet(CumulativeThrough + 1))
        {
            CumulativeThrough++;
            Clear(CumulativeThrough);
        }
    }

    private bool IsSet(ulong seq) => (_bits[Word(seq)] >> (int)(seq % 64) & 1) != 0;

    private void Set(ulong seq)
    {
        _bits[Word(seq)] |= 1UL << (int)(seq % 64);
        Highest = Math.Max(Highest, seq);
    }

    private void Clear(ulong seq) => _bits[Word(seq)] &= ~(1UL << (int)(seq % 64));

    private static int Word(ulong seq) => (int)(seq % Size / 64);
}
