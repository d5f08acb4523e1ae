using System.Buffers.Binary;

namespace Messaging.Wire;

/// <summary>
/// Arithmetic modulo the prime of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (SP 800-186, section 3.2.1.3), for checking points, which are
/// public: it takes as long as the numbers want. Numbers are eight words of 32 bits, the lowest first, below p.
/// </summary>
internal static class P256Field
{
    public const int Words = 8;

    private static ReadOnlySpan<uint> P => [0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 1, 0xffffffff];

    /// <summary>Reads 32 bytes, big-endian. False when the number is not below p.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<uint> value)
    {
        for (var i = 0; i < Words; i++)
        {
            value[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(28 - (4 * i))..]);
        }

        return IsBelow(value, P);
    }

    /// <summary>left * right modulo p.</summary>
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

        Reduce(product, result);
    }

    /// <summary>left + right, or left - right, modulo p.</summary>
    public static void Add(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> result, bool subtract = false)
    {
        Span<long> sums = stackalloc long[Words];
        for (var i = 0; i < Words; i++)
        {
            sums[i] = subtract ? (long)left[i] - right[i] : (long)left[i] + right[i];
        }

        Normalize(sums, result);
    }

    /// <summary>The fast reduction for this prime (FIPS 186-4, appendix D.2.3).</summary>
    private static void Reduce(ReadOnlySpan<uint> c, Span<uint> result)
    {
        long c8 = c[8], c9 = c[9], c10 = c[10], c11 = c[11], c12 = c[12], c13 = c[13], c14 = c[14], c15 = c[15];
        Span<long> sums =
        [
            c[0] + c8 + c9 - c11 - c12 - c13 - c14,
            c[1] + c9 + c10 - c12 - c13 - c14 - c15,
            c[2] + c10 + c11 - c13 - c14 - c15,
            c[3] + (2 * c11) + (2 * c12) + c13 - c15 - c8 - c9,
            c[4] + (2 * c12) + (2 * c13) + c14 - c9 - c10,
            c[5] + (2 * c13) + (2 * c14) + c15 - c10 - c11,
            c[6] + (3 * c14) + (2 * c15) + c13 - c8 - c9,
            c[7] + (3 * c15) + c8 - c10 - c11 - c12 - c13,
        ];
        Normalize(sums, result);
    }

    /// <summary>Carries from word to word, and brings the number below p.</summary>
    private static void Normalize(ReadOnlySpan<long> sums, Span<uint> result)
    {
        long carry = 0;
        for (var i = 0; i < Words; i++)
        {
            carry += sums[i];
            result[i] = (uint)carry;
            carry >>= 32;
        }

        while (carry < 0)
        {
            carry += AddPrime(result, 1);
        }

        while (carry > 0 || !IsBelow(result, P))
        {
            carry += AddPrime(result, -1);
        }
    }

    /// <summary>Adds or takes away p once; gives the carry.</summary>
    private static long AddPrime(Span<uint> value, int sign)
    {
        long carry = 0;
        for (var i = 0; i < Words; i++)
        {
            carry += value[i] + (sign * (long)P[i]);
            value[i] = (uint)carry;
            carry >>= 32;
        }

        return carry;
    }

    private static bool IsBelow(ReadOnlySpan<uint> value, ReadOnlySpan<uint> limit)
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
}
