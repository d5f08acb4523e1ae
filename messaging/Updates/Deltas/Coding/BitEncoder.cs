namespace Messaging.Updates.Deltas.Coding;

/// <summary>Writes the bits of a block: an arithmetic code without carries, in 32 bits.</summary>
internal struct BitEncoder : IBitCoder
{
    private byte[] _output;
    private int _length;
    private uint _low;
    private uint _high;

    public static bool Reads => false;

    public void Begin(byte[] output) => (_output, _length, _low, _high) = (output, 0, 0, uint.MaxValue);

    public int Code(int bit, int one)
    {
        var middle = _low + (uint)((ulong)(_high - _low) * (uint)one >> 16);
        if (bit != 0)
        {
            _high = middle;
        }
        else
        {
            _low = middle + 1;
        }

        while (((_low ^ _high) >> 24) == 0)
        {
            Put((byte)(_high >> 24));
            _low <<= 8;
            _high = _high << 8 | 0xFF;
        }

        return bit;
    }

    /// <summary>Ends the block and gives how many bytes it has.</summary>
    public int Finish()
    {
        for (var i = 0; i < 4; i++)
        {
            Put((byte)(_low >> 24));
            _low <<= 8;
        }

        return _length;
    }

    private void Put(byte value)
    {
        if (_length == _output.Length)
        {
            // Bits that are each less likely than the models think: nothing but a file that was made for it has them.
            throw new InvalidDataException($"A block of the new file takes more than {_output.Length} bytes.");
        }

        _output[_length++] = value;
    }
}
