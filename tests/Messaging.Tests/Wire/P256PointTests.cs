using System.Numerics;
using CsCheck;
using Messaging.Fuzz;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class P256PointTests
{
    private static readonly BigInteger P = Number(Convert.FromHexString("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"));

    /// <summary>Bytes of a number of 256 bits; often near the ends of words, where carries are.</summary>
    private static readonly Gen<byte[]> GenNumber = Gen.OneOf(
        Gen.Byte.Array[32],
        Gen.Bool.Select(static full => full ? (byte)0xff : (byte)0).Array[32],
        Gen.Select(Gen.Int[-3, 3], static offset => Bytes(P + offset)),
        Gen.Select(Gen.Int[0, 3], static offset => Bytes(offset)));

    [Fact]
    public void TryRead_OfAnyNumber_TakesThoseBelowThePrime() => GenNumber.Sample(static bytes =>
        Assert.Equal(Number(bytes) < P, P256Field.TryRead(bytes, stackalloc uint[P256Field.Words])));

    [Fact]
    public void Arithmetic_OfAnyNumbers_IsThatOfIntegersModuloThePrime() => Gen.Select(GenNumber, GenNumber).Sample(
        static (left, right) =>
        {
            Span<uint> a = stackalloc uint[P256Field.Words];
            Span<uint> b = stackalloc uint[P256Field.Words];
            Span<uint> result = stackalloc uint[P256Field.Words];
            if (!P256Field.TryRead(left, a) || !P256Field.TryRead(right, b))
            {
                return;
            }

            P256Field.Multiply(a, b, result);
            Assert.Equal(Number(left) * Number(right) % P, Number(result));
            P256Field.Add(a, b, result);
            Assert.Equal((Number(left) + Number(right)) % P, Number(result));
            P256Field.Add(a, b, result, subtract: true);
            Assert.Equal((Number(left) - Number(right) + P) % P, Number(result));
        },
        iter: 20_000);

    [Fact]
    public void IsValid_OfAPointWithAnyBitFlipped_IsFalse()
    {
        var point = Samples.Root.Public.Point.ToArray();
        Assert.True(P256Point.IsValid(point));
        for (var bit = 0; bit < point.Length * 8; bit++)
        {
            var flipped = (byte[])point.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(P256Point.IsValid(flipped));
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(ReadOnlySpan<uint> words)
    {
        var number = BigInteger.Zero;
        for (var i = words.Length - 1; i >= 0; i--)
        {
            number = (number << 32) + words[i];
        }

        return number;
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        Assert.True(number.TryWriteBytes(bytes, out var written, isUnsigned: true, isBigEndian: true));
        return [.. new byte[32 - written], .. bytes[..written]];
    }
}
