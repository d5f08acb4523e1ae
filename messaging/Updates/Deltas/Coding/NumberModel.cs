namespace Messaging.Updates.Deltas.Coding;

/// <summary>Numbers of one kind: their lengths in bits, the two bits after their leading one, and the rest as it is.</summary>
internal sealed class NumberModel
{
    /// <summary>A number n is coded as n + 1, which has 1 to 63 bits.</summary>
    public const long Most = long.MaxValue - 1;

    private const int LengthBits = 6;
    private readonly BitModel[] _lengths = new BitModel[1 << LengthBits];
    private readonly BitModel[] _seconds = new BitModel[1 << (LengthBits + 2)];

    /// <summary>Codes a number from 0 to <see cref="Most"/>; what is read may be -1, which no number is.</summary>
    public long Code<TCoder>(ref TCoder coder, long value)
        where TCoder : struct, IBitCoder
    {
        var coded = (ulong)value + 1;
        var length = 64 - (int)ulong.LeadingZeroCount(coded);
        var node = 1;
        for (var i = LengthBits - 1; i >= 0; i--)
        {
            node = node << 1 | _lengths[node].Code(ref coder, length >> i & 1);
        }

        length = node - (1 << LengthBits);
        if (length == 0)
        {
            return -1;
        }

        var read = 1UL;
        for (var i = length - 2; i >= 0; i--)
        {
            var bit = (int)(coded >> i & 1);
            var known = length - 2 - i;
            read = read << 1 | (uint)(known < 2
                ? _seconds[length << 2 | known << 1 | (known == 0 ? 0 : (int)read & 1)].Code(ref coder, bit)
                : coder.Code(bit, 1 << 15));
        }

        return (long)(read - 1);
    }
}
