namespace Messaging.Updates.Deltas.Coding;

/// <summary>How likely a bit of one kind is 1.</summary>
internal struct BitModel
{
    private const int Rate = 5;
    private const int Least = 32;
    private short _above;

    public int Code<TCoder>(ref TCoder coder, int bit)
        where TCoder : struct, IBitCoder
    {
        var one = (1 << 15) + _above;
        bit = coder.Code(bit, one);
        one += (bit == 0 ? -one : (1 << 16) - one) >> Rate;
        _above = (short)(Math.Clamp(one, Least, (1 << 16) - Least) - (1 << 15));
        return bit;
    }
}
