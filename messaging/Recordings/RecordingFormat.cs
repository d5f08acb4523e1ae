using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Recordings;

/// <summary>Sizes and names of sealed recordings (messaging/spec/protocol.md, section 27).</summary>
public static class RecordingFormat
{
    /// <summary>The media type of a recording among a device's files. No program of a device may use it.</summary>
    public const string MediaType = "application/vnd.messaging.recording";

    /// <summary>The most people that one recording is sealed to.</summary>
    public const int MaxRecipients = 8;

    /// <summary>The most bytes that are sealed in one chunk.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    internal const int MaxHeadBytes = 64 * 1024;
    internal const int MaxBodyBytes = MaxChunkBytes + WireLimits.TagBytes;

    /// <summary>A frame: kind u8 | length u32, big-endian | body | check.</summary>
    internal const int FrameHeadBytes = 1 + sizeof(uint);

    /// <summary>The first bytes of the SHA-256 of everything before.</summary>
    internal const int CheckBytes = 8;
    internal const int KeyBytes = 32;
    internal const int NonceBytes = 12;

    internal static ReadOnlySpan<byte> Magic => "MSGREC1\n"u8;

    internal static ReadOnlySpan<byte> Label => "messaging/1/recording"u8;

    /// <summary>The key of the chunks, which the head is bound into.</summary>
    internal static void DeriveChunkKey(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> payload, Span<byte> key)
    {
        Span<byte> info = stackalloc byte[Label.Length + SHA256.HashSizeInBytes];
        Label.CopyTo(info);
        SHA256.HashData(payload, info[Label.Length..]);
        HKDF.Expand(HashAlgorithmName.SHA256, secret, key, info);
    }
}
