namespace Messaging.Telemetry;

/// <summary>Reads what <see cref="RangeEncoder"/> wrote. Any bytes are some numbers; behind the last byte come zeros.</summary>
internal ref struct RangeDecoder
{
    private const uint Top = 1U << 24;
    private readonly ReadOnlySpan<byte> _input;
    private uint _range;
    private uint _code;
    private int _position;

    public RangeDecoder(ReadOnlySpan<byte> input)
    {
        _input = input;
        _range = uint.MaxValue;
        for (var i = 0; i < 4; i++)
        {
            _code = _code << 8 | Next();
        }
    }

    /// <summary>Whether all bytes were needed, and the last one is not a zero that goes without saying.</summary>
    public readonly bool AtEnd => _position >= _input.Length && (_input.IsEmpty || _input[^1] != 0);

    /// <summary>False for what would be 2^64 - 1 or more.</summary>
    public bool TryNumber(NumberModel model, out ulong value, ulong max = ulong.MaxValue - 1)
    {
        var length = 1;
        while (length < NumberModel.MaxLength && Bit(ref model.IsLonger(length)) != 0)
        {
            length++;
        }

        var coded = 1UL;
        if (length > 1)
        {
            coded = 2 | (uint)Bit(ref model.Second(length));
            coded = coded << (length - 2) | Direct(length - 2);
        }

        value = coded - 1;
        return value <= max;
    }

    public ulong Direct(int count)
    {
        var value = 0UL;
        while (count-- > 0)
        {
            _range >>= 1;
            var bit = _code >= _range ? 1U : 0;
            _code -= bit * _range;
            value = value << 1 | bit;
            Normalize();
        }

        return value;
    }

    private int Bit(ref BitModel model)
    {
        var bound = (_range >> BitModel.Bits) * model.Zero;
        int bit;
        if (_code < bound)
        {
            _range = bound;
            bit = 0;
        }
        else
        {
            _code -= bound;
            _range -= bound;
            bit = 1;
        }

        model.Learn(bit);
        Normalize();
        return bit;
    }

    private void Normalize()
    {
        while (_range < Top)
        {
            _range <<= 8;
            _code = _code << 8 | Next();
        }
    }

    private byte Next()
    {
        var value = _position < _input.Length ? _input[_position] : (byte)0;
        _position++;
        return value;
    }
}
