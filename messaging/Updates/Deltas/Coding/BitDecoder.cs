namespace Messaging.Updates.Deltas.Coding;

/// <summary>Reads the bits of a block. Any bytes are some bits; behind the last byte come zeros.</summary>
internal struct BitDecoder : IBitCoder
{
    private byte[] _input;
    private int _length;
    private int _at;
    private uint _low;
    private uint _high;
    private uint _code;

    public static bool Reads => true;

    /// <summary>Whether the bits ended just here, as <see cref="BitEncoder.Finish"/> ends them: then no other bytes are the same bits.</summary>
    public readonly bool IsAtEnd => _at == _length && _code == _low;

    public void Begin(byte[] input, int length)
    {
        (_input, _length, _at, _low, _high, _code) = (input, length, 0, 0, uint.MaxValue, 0);
        for (var i = 0; i < 4; i++)
        {
            _code = _code << 8 | Next();
        }
    }

    public int Code(int bit, int one)
    {
        var middle = _low + (uint)((ulong)(_high - _low) * (uint)one >> 16);
        if (_code <= middle)
        {
            _high = middle;
            bit = 1;
        }
        else
        {
            _low = middle + 1;
            bit = 0;
        }

        while (((_low ^ _high) >> 24) == 0)
        {
            _low <<= 8;
            _high = _high << 8 | 0xFF;
            _code = _code << 8 | Next();
        }

        return bit;
    }

    private byte Next()
    {
        var value = _at < _length ? _input[_at] : (byte)0;
        _at++;
        return value;
    }
}
