using System.Security.Cryptography;
using static Messaging.Updates.Keys.Ed25519Field;

namespace Messaging.Updates.Keys;

/// <summary>
/// <c>ed25519</c> of TUF 4.2.2: RFC 8032, section 5.1.7, with the equation without the cofactor. Points and S have one form each, and keys of
/// small order are none. It only verifies: no secret comes here.
/// </summary>
public sealed class Ed25519Scheme : ITufScheme
{
    private const string Name = "ed25519";

    /// <summary>The order of the base point, 2^252 + 27742317777372353535851937790883648493.</summary>
    private static ReadOnlySpan<uint> Order => [0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000];

    /// <inheritdoc/>
    public bool CanVerify(string keyType, string scheme) => keyType is Name && scheme is Name;

    /// <inheritdoc/>
    public byte[]? Import(string publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        Span<uint> point = stackalloc uint[Ed25519Point.PointWords];
        return Metadata.TufHex.Decode(publicKey) is { Length: Bytes } key && Ed25519Point.TryRead(key, point) && !Ed25519Point.IsOfSmallOrder(point) ? key : null;
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<uint> a = stackalloc uint[Ed25519Point.PointWords], s = stackalloc uint[Words], k = stackalloc uint[Words];
        if (signature.Length != 2 * Bytes || key.Length != Bytes || !Ed25519Point.TryRead(key, a))
        {
            return false;
        }

        ReadWords(signature[Bytes..], s);
        if (!IsBelow(s, Order))
        {
            return false;
        }

        Hash(signature[..Bytes], key, data, k);
        Ed25519Point.Negate(a);
        Span<uint> r = stackalloc uint[Ed25519Point.PointWords];
        Sum(s, k, a, r);
        Span<byte> expected = stackalloc byte[Bytes];
        Ed25519Point.Write(r, expected);
        return expected.SequenceEqual(signature[..Bytes]);
    }

    /// <summary>s B + k A, a bit of both at a time.</summary>
    private static void Sum(ReadOnlySpan<uint> s, ReadOnlySpan<uint> k, ReadOnlySpan<uint> a, Span<uint> sum)
    {
        Span<uint> b = stackalloc uint[Ed25519Point.PointWords];
        Ed25519Point.TryRead(Ed25519Point.Base, b);
        Ed25519Point.SetNeutral(sum);
        for (var i = (32 * Words) - 1; i >= 0; i--)
        {
            Ed25519Point.Add(sum, sum, sum);
            if (Bit(s, i) == 1)
            {
                Ed25519Point.Add(sum, b, sum);
            }

            if (Bit(k, i) == 1)
            {
                Ed25519Point.Add(sum, a, sum);
            }
        }
    }

    /// <summary>SHA-512 of R, A and the data, modulo the order.</summary>
    private static void Hash(ReadOnlySpan<byte> r, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<uint> result)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        using (var sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512))
        {
            sha512.AppendData(r);
            sha512.AppendData(key);
            sha512.AppendData(data);
            sha512.GetHashAndReset(hash);
        }

        // The order has 253 bits, so that twice a rest still fits into the words.
        result.Clear();
        for (var i = (8 * hash.Length) - 1; i >= 0; i--)
        {
            var carry = (uint)(hash[i / 8] >> (i % 8)) & 1;
            for (var j = 0; j < Words; j++)
            {
                (result[j], carry) = ((result[j] << 1) | carry, result[j] >> 31);
            }

            if (!IsBelow(result, Order))
            {
                SubtractWords(result, Order);
            }
        }
    }

    private static uint Bit(ReadOnlySpan<uint> value, int index) => (value[index / 32] >> (index % 32)) & 1;
}
