using System.Buffers.Binary;

namespace Messaging.Updates.Deltas;

/// <summary>What a delta says of itself: from which file it makes which. Nobody has signed it; the file that is made is compared with signed metadata.</summary>
public sealed class DeltaHeader
{
    /// <summary>Of every header, in bytes.</summary>
    public const int Bytes = 88;

    /// <summary>The media type of deltas.</summary>
    public const string MediaType = "application/vnd.messaging.delta";

    private const int HashBytes = 32;

    internal DeltaHeader(long oldLength, ReadOnlyMemory<byte> oldSha256, long newLength, ReadOnlyMemory<byte> newSha256)
    {
        OldLength = oldLength;
        OldSha256 = oldSha256;
        NewLength = newLength;
        NewSha256 = newSha256;
    }

    /// <summary>Bytes of the old file.</summary>
    public long OldLength { get; }

    /// <summary>SHA-256 of the old file, 32 bytes.</summary>
    public ReadOnlyMemory<byte> OldSha256 { get; }

    /// <summary>Bytes of the new file.</summary>
    public long NewLength { get; }

    /// <summary>SHA-256 of the new file, 32 bytes.</summary>
    public ReadOnlyMemory<byte> NewSha256 { get; }

    private static ReadOnlySpan<byte> Magic => "MSGDLT1\n"u8;

    /// <summary>Reads the header, and nothing behind it: what is needed to choose a delta before the rest is downloaded.</summary>
    /// <exception cref="DeltaException"><see cref="DeltaFailure.Truncated"/> or <see cref="DeltaFailure.NotADelta"/>.</exception>
    public static async Task<DeltaHeader> ReadAsync(Stream delta, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var bytes = new byte[Bytes];
        var read = await delta.ReadAtLeastAsync(bytes, Bytes, throwOnEndOfStream: false, stop).ConfigureAwait(false);
        if (!bytes.AsSpan(0, Math.Min(read, Magic.Length)).SequenceEqual(Magic[..Math.Min(read, Magic.Length)]))
        {
            throw new DeltaException(DeltaFailure.NotADelta, "It does not begin as a delta does.");
        }

        return read == Bytes ? Parse(bytes) : throw new DeltaException(DeltaFailure.Truncated, $"It ends in its header, after {read} bytes.");
    }

    internal byte[] Encode()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        var at = bytes.AsSpan(Magic.Length);
        BinaryPrimitives.WriteInt64BigEndian(at, OldLength);
        OldSha256.Span.CopyTo(at[8..]);
        BinaryPrimitives.WriteInt64BigEndian(at[(8 + HashBytes)..], NewLength);
        NewSha256.Span.CopyTo(at[(16 + HashBytes)..]);
        return bytes;
    }

    private static DeltaHeader Parse(byte[] bytes)
    {
        var at = Magic.Length;
        var oldLength = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
        var newLength = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at + 8 + HashBytes));
        return oldLength >= 0 && newLength >= 0
            ? new DeltaHeader(oldLength, bytes.AsMemory(at + 8, HashBytes), newLength, bytes.AsMemory(at + 16 + HashBytes, HashBytes))
            : throw new DeltaException(DeltaFailure.NotADelta, "It says that a file has 2^63 bytes or more.");
    }
}
