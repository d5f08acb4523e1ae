using System.Numerics;
using System.Security.Cryptography;
using Messaging.Crypto;

namespace Messaging.Tests.Support;

/// <summary>
/// Deterministic ES256 (RFC 6979) for vectors that can be made again: the platform's own signatures are randomised. Not constant-time.
/// </summary>
internal static class Rfc6979
{
    private static readonly BigInteger N = Number(Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));

    public static byte[] SignHash(byte[] scalar, ReadOnlySpan<byte> hash)
    {
        var z = Number(hash) % N;
        foreach (var k in Candidates(scalar, Bytes(z)))
        {
            // k·G is the public point of the private key k.
            using var nonce = HpkeKeyPair.FromScalar(k);
            var r = Number(nonce.Public.Point[1..33]) % N;
            var s = BigInteger.ModPow(Number(k), N - 2, N) * (z + (r * Number(scalar))) % N;
            if (!r.IsZero && !s.IsZero)
            {
                return [.. Bytes(r), .. Bytes(s)];
            }
        }

        throw new CryptographicException("No nonce gives a signature.");
    }

    /// <summary>Section 3.2, steps b to h.</summary>
    private static IEnumerable<byte[]> Candidates(byte[] scalar, byte[] hash)
    {
        var v = new byte[32];
        Array.Fill(v, (byte)1);
        var key = new byte[32];
        foreach (byte separator in (byte[])[0, 1])
        {
            byte[] input = [.. v, separator, .. scalar, .. hash];
            key = HMACSHA256.HashData(key, input);
            v = HMACSHA256.HashData(key, v);
        }

        while (true)
        {
            v = HMACSHA256.HashData(key, v);
            if (P256Scalar.IsInRange(v))
            {
                yield return v;
            }

            byte[] input = [.. v, 0];
            key = HMACSHA256.HashData(key, input);
            v = HMACSHA256.HashData(key, v);
        }
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes.AsSpan(32 - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
