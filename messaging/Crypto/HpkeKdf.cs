using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Crypto;

/// <summary>LabeledExtract and LabeledExpand of RFC 9180, section 4, with HKDF-SHA256.</summary>
internal static class HpkeKdf
{
    public const int HashBytes = 32;

    public static ReadOnlySpan<byte> KemSuite => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x10];

    public static ReadOnlySpan<byte> HpkeSuite => [(byte)'H', (byte)'P', (byte)'K', (byte)'E', 0x00, 0x10, 0x00, 0x01, 0x00, 0x02];

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    public static void Extract(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> ikm, Span<byte> prk)
    {
        var labeled = new byte[Version.Length + suite.Length + label.Length + ikm.Length];
        var position = Append(labeled, 0, Version);
        position = Append(labeled, position, suite);
        position = Append(labeled, position, label);
        Append(labeled, position, ikm);
        HKDF.Extract(HashAlgorithmName.SHA256, labeled, salt, prk);
        CryptographicOperations.ZeroMemory(labeled);
    }

    public static void Expand(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        var labeled = new byte[2 + Version.Length + suite.Length + label.Length + info.Length];
        BinaryPrimitives.WriteUInt16BigEndian(labeled, checked((ushort)output.Length));
        var position = Append(labeled, 2, Version);
        position = Append(labeled, position, suite);
        position = Append(labeled, position, label);
        Append(labeled, position, info);
        HKDF.Expand(HashAlgorithmName.SHA256, prk, output, labeled);
    }

    private static int Append(byte[] buffer, int position, ReadOnlySpan<byte> part)
    {
        part.CopyTo(buffer.AsSpan(position));
        return position + part.Length;
    }
}
