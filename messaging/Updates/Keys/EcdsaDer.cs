using Messaging.Wire;

namespace Messaging.Updates.Keys;

/// <summary>ECDSA signatures of P-256 in DER (RFC 3279, section 2.2.3), as other programs write them: strictly, so that each has one form.</summary>
internal static class EcdsaDer
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const int Half = WireLimits.SignatureBytes / 2;

    /// <summary>Writes r || s. False when the bytes are no signature, or not the shortest form of one.</summary>
    public static bool TryToFixed(ReadOnlySpan<byte> der, Span<byte> signature)
    {
        // Both numbers take at most 33 bytes, so that all lengths are of one byte.
        if (der.Length < 2 || der[0] != Sequence || der[1] != der.Length - 2)
        {
            return false;
        }

        var left = der[2..];
        return TryInteger(ref left, signature[..Half]) && TryInteger(ref left, signature[Half..]) && left.IsEmpty;
    }

    private static bool TryInteger(ref ReadOnlySpan<byte> left, Span<byte> number)
    {
        if (left.Length < 3 || left[0] != Integer || left[1] is 0 or > Half + 1 || left.Length < 2 + left[1])
        {
            return false;
        }

        var bytes = left.Slice(2, left[1]);
        left = left[(2 + bytes.Length)..];
        if (bytes[0] >= 0x80)
        {
            return false;
        }

        if (bytes[0] == 0 && bytes.Length > 1)
        {
            bytes = bytes[1..];
            if (bytes[0] < 0x80)
            {
                return false;
            }
        }

        if (bytes.Length > Half)
        {
            return false;
        }

        number.Clear();
        bytes.CopyTo(number[^bytes.Length..]);
        return true;
    }
}
