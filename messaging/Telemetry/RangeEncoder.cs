using System.Buffers;

namespace Messaging.Telemetry;

/// <summary>
/// An adaptive binary range coder (after G. N. N. Martin, 1979): a bit that its model expects costs a fraction of a bit. Reused: Begin, the
/// numbers, Finish.
/// </summary>
internal sealed class RangeEncoder
{
    private const uint Top = 1U << 24;
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private ulong _low;
    private uint _range;
    private byte _held;
    private long _holding;

    public void Begin()
    {
        _output.ResetWrittenCount();
        (_low, _range, _held, _holding) = (0, uint.MaxValue, 0, 0);
    }

    /// <summary>A number below 2^64 - 1.</summary>
    public void Number(NumberModel model, ulong value)
    {
        var coded = value + 1;
        var length = 64 - (int)ulong.LeadingZeroCount(coded);
        for (var bits = 1; bits < length; bits++)
        {
            Bit(ref model.IsLonger(bits), 1);
        }

        if (length < NumberModel.MaxLength)
        {
            Bit(ref model.IsLonger(length), 0);
        }

        if (length > 1)
        {
            Bit(ref model.Second(length), (int)(coded >> (length - 2)) & 1);
            Direct(coded, length - 2);
        }
    }

    /// <summary>The lowest bits of a value, highest first, each as likely 0 as 1.</summary>
    public void Direct(ulong value, int count)
    {
        while (count-- > 0)
        {
            _range >>= 1;
            _low += (value >> count & 1) != 0 ? _range : 0UL;
            Normalize();
        }
    }

    /// <summary>The bytes, of which zeros at the end are left out. Valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        // Any value of the interval will do: the one with the most zeros at its end.
        var last = _low + _range - 1;
        for (var bits = 32; bits > 0; bits--)
        {
            if ((last >> bits << bits) >= _low)
            {
                _low = last >> bits << bits;
                break;
            }
        }

        for (var i = 0; i < 5; i++)
        {
            Shift();
        }

        // The first byte that was held back is the carry of nothing.
        return _output.WrittenSpan[1..].TrimEnd((byte)0);
    }

    private void Bit(ref BitModel model, int bit)
    {
        var bound = (_range >> BitModel.Bits) * model.Zero;
        if (bit == 0)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }

        model.Learn(bit);
        Normalize();
    }

    private void Normalize()
    {
        while (_range < Top)
        {
            _range <<= 8;
            Shift();
        }
    }

    /// <summary>Puts out the highest byte; a byte of ones waits, because a carry may still turn it.</summary>
    private void Shift()
    {
        if (_low < 0xFF000000 || _low > uint.MaxValue)
        {
            var carry = (byte)(_low >> 32);
            Put((byte)(_held + carry));
            for (; _holding > 0; _holding--)
            {
                Put((byte)(0xFF + carry));
            }

            _held = (byte)(_low >> 24);
        }
        else
        {
            _holding++;
        }

        _low = _low << 8 & 0xFFFFFFFF;
    }

    private void Put(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
