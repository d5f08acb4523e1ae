using System.Diagnostics;
using Messaging.Updates.Keys;
using Messaging.Wire;

namespace Messaging.Updates.Repository;

/// <summary>ECDSA signatures of P-256 in DER (RFC 3279, section 2.2.3), in their shortest form.</summary>
internal static class EcdsaDerWriter
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;

    /// <param name="signature">r || s, 64 bytes.</param>
    public static byte[] FromFixed(ReadOnlySpan<byte> signature)
    {
        List<byte> der = [Sequence, 0];
        Add(der, signature[..(WireLimits.SignatureBytes / 2)]);
        Add(der, signature[(WireLimits.SignatureBytes / 2)..]);
        der[1] = (byte)(der.Count - 2);
        byte[] bytes = [.. der];
        Span<byte> again = stackalloc byte[WireLimits.SignatureBytes];
        Debug.Assert(EcdsaDer.TryToFixed(bytes, again) && again.SequenceEqual(signature), "What is written is read as the same.");
        return bytes;
    }

    private static void Add(List<byte> der, ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        var sign = number.IsEmpty || number[0] >= 0x80 ? 1 : 0;
        der.Add(Integer);
        der.Add((byte)(number.Length + sign));
        if (sign == 1)
        {
            der.Add(0);
        }

        der.AddRange(number);
    }
}
