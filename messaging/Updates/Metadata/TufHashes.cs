using System.Security.Cryptography;

namespace Messaging.Updates.Metadata;

/// <summary>The hashes of a file that metadata lists. Those of unknown functions are passed over; all that are known must be right.</summary>
public sealed class TufHashes
{
    private TufHashes(byte[]? sha256, byte[]? sha512) => (Sha256, Sha512) = (sha256, sha512);

    /// <summary>32 bytes, or null.</summary>
    public byte[]? Sha256 { get; }

    /// <summary>64 bytes, or null.</summary>
    public byte[]? Sha512 { get; }

    /// <summary>One that is known, in lower-case hexadecimal digits: the prefix of a target's name in a consistent snapshot; or null.</summary>
    public string? Prefix => (Sha256 ?? Sha512) is { } hash ? Convert.ToHexStringLower(hash) : null;

    /// <summary>False, too, when no function is known.</summary>
    internal bool AreOf(ReadOnlySpan<byte> bytes) =>
        (Sha256 is not null || Sha512 is not null)
        && (Sha256 is null || SHA256.HashData(bytes).AsSpan().SequenceEqual(Sha256))
        && (Sha512 is null || SHA512.HashData(bytes).AsSpan().SequenceEqual(Sha512));

    internal static TufHashes Read(TufFields fields, TufJson hashes) =>
        hashes.Items.Length > 0
            ? new TufHashes(Read(fields, hashes, "sha256", SHA256.HashSizeInBytes), Read(fields, hashes, "sha512", SHA512.HashSizeInBytes))
            : throw fields.Malformed("hashes is empty");

    private static byte[]? Read(TufFields fields, TufJson hashes, string name, int bytes)
    {
        if (fields.Optional(hashes, name, TufJsonKind.Text) is not { } text)
        {
            return null;
        }

        var hash = TufHex.Decode(text.Text);
        return hash?.Length == bytes ? hash : throw fields.Malformed($"{name} is not of {bytes} bytes in hexadecimal digits");
    }
}
