using System.Buffers.Binary;

namespace Messaging.Updates.Keys;

/// <summary>
/// Arithmetic modulo 2^255 - 19, for verifying signatures, where everything is public: it takes as long as the numbers want. Numbers are
/// eight words of 32 bits, the lowest first; between operations they may be anything below 2^256, which is 38 modulo the prime.
/// </summary>
internal static class Ed25519Field
{
    public const int Words = 8;
    public const int Bytes = 32;

    private static ReadOnlySpan<uint> P => [0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff];

    /// <summary>Reads 32 bytes, little-endian, without the highest bit. False when the number is not below the prime.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<uint> value)
    {
        ReadWords(bytes, value);
        value[Words - 1] &= 0x7fffffff;
        return IsBelow(value, P);
    }

    /// <summary>Reads 32 bytes, little-endian.</summary>
    public static void ReadWords(ReadOnlySpan<byte> bytes, Span<uint> value)
    {
        for (var i = 0; i < Words; i++)
        {
            value[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        }
    }

    /// <summary>Writes 32 bytes, little-endian, of the number below the prime.</summary>
    public static void Write(ReadOnlySpan<uint> value, Span<byte> bytes)
    {
        Span<uint> least = stackalloc uint[Words];
        value[..Words].CopyTo(least);
        while (!IsBelow(least, P))
        {
            SubtractWords(least, P);
        }

        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], least[i]);
        }
    }

    /// <summary>left * right.</summary>
    public static void Multiply(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> result)
    {
        Span<uint> product = stackalloc uint[2 * Words];
        product.Clear();
        for (var i = 0; i < Words; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < Words; j++)
            {
                carry += ((ulong)left[i] * right[j]) + product[i + j];
                product[i + j] = (uint)carry;
                carry >>= 32;
            }

            product[i + Words] = (uint)carry;
        }

        ulong sum = 0;
        for (var i = 0; i < Words; i++)
        {
            sum += product[i] + (38UL * product[i + Words]);
            result[i] = (uint)sum;
            sum >>= 32;
        }

        Fold(result, sum);
    }

    /// <summary>left + right.</summary>
    public static void Add(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> result)
    {
        ulong sum = 0;
        for (var i = 0; i < Words; i++)
        {
            sum += (ulong)left[i] + right[i];
            result[i] = (uint)sum;
            sum >>= 32;
        }

        Fold(result, sum);
    }

    /// <summary>left - right.</summary>
    public static void Subtract(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> result)
    {
        long sum = 0;
        for (var i = 0; i < Words; i++)
        {
            sum += (long)left[i] - right[i];
            result[i] = (uint)sum;
            sum >>= 32;
        }

        // What was borrowed is 2^256, which is 38: it is given back.
        while (sum < 0)
        {
            sum = -38;
            for (var i = 0; i < Words; i++)
            {
                sum += result[i];
                result[i] = (uint)sum;
                sum >>= 32;
            }
        }
    }

    /// <summary>value ^ (2^bits - 1 without the bits of <paramref name="zeros"/>).</summary>
    public static void Power(ReadOnlySpan<uint> value, int bits, int zeros, Span<uint> result)
    {
        Span<uint> power = stackalloc uint[Words];
        power.Clear();
        power[0] = 1;
        for (var i = bits - 1; i >= 0; i--)
        {
            Multiply(power, power, power);
            if (i >= 32 || (zeros & (1 << i)) == 0)
            {
                Multiply(power, value, power);
            }
        }

        power.CopyTo(result);
    }

    /// <summary>Whether two are the same modulo the prime.</summary>
    public static bool AreEqual(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        Span<byte> one = stackalloc byte[Bytes], other = stackalloc byte[Bytes];
        Write(left, one);
        Write(right, other);
        return one.SequenceEqual(other);
    }

    /// <summary>Whether a number is below another one, as they stand.</summary>
    public static bool IsBelow(ReadOnlySpan<uint> value, ReadOnlySpan<uint> limit)
    {
        for (var i = Words - 1; i >= 0; i--)
        {
            if (value[i] != limit[i])
            {
                return value[i] < limit[i];
            }
        }

        return false;
    }

    /// <summary>Takes a number that is not larger away, as they stand.</summary>
    public static void SubtractWords(Span<uint> value, ReadOnlySpan<uint> less)
    {
        long sum = 0;
        for (var i = 0; i < Words; i++)
        {
            sum += (long)value[i] - less[i];
            value[i] = (uint)sum;
            sum >>= 32;
        }
    }

    private static void Fold(Span<uint> value, ulong carry)
    {
        while (carry > 0)
        {
            carry *= 38;
            for (var i = 0; i < Words; i++)
            {
                carry += value[i];
                value[i] = (uint)carry;
                carry >>= 32;
            }
        }
    }
}
