using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>SHA-256, cut to 16 bytes, of the first 256 bytes before an offset and the last 256 bytes before it.</summary>
[InlineArray(Bytes)]
internal struct FileFingerprint : IEquatable<FileFingerprint>
{
    public const int Bytes = 16;

    private const int EndBytes = 256;

    private byte _first;

    /// <summary>Of nothing.</summary>
    public static FileFingerprint Empty => Hash([]);

    public static bool operator ==(FileFingerprint left, FileFingerprint right) => left.Equals(right);

    public static bool operator !=(FileFingerprint left, FileFingerprint right) => !left.Equals(right);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileFingerprint Of(SafeFileHandle file, long offset)
    {
        Span<byte> ends = stackalloc byte[2 * EndBytes];
        var head = (int)Math.Min(EndBytes, offset);
        var count = ReadAll(file, ends[..head], 0);
        count += ReadAll(file, ends.Slice(count, head), offset - head);
        return Hash(ends[..count]);
    }

    public static FileFingerprint Read(ReadOnlySpan<byte> bytes)
    {
        var result = default(FileFingerprint);
        bytes[..Bytes].CopyTo(result);
        return result;
    }

    public readonly void CopyTo(Span<byte> target) => ((ReadOnlySpan<byte>)this).CopyTo(target);

    public readonly bool Equals(FileFingerprint other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is FileFingerprint other && Equals(other);

    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(this);
        return hash.ToHashCode();
    }

    private static FileFingerprint Hash(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Read(hash);
    }

    private static int ReadAll(SafeFileHandle file, Span<byte> target, long offset)
    {
        var done = 0;
        while (done < target.Length && RandomAccess.Read(file, target[done..], offset + done) is var count and > 0)
        {
            done += count;
        }

        return done;
    }
}
