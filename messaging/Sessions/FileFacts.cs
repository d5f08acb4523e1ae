using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>What a file on its way is: [size, permission bits, SHA-256].</summary>
/// <param name="size">In bytes, at most <see cref="MaxSize"/>.</param>
/// <param name="mode">Permission bits, 0 to 0777.</param>
/// <param name="sha256">Of its bytes.</param>
public sealed class FileFacts(long size, int mode, byte[] sha256)
{
    /// <summary>1 TiB.</summary>
    public const long MaxSize = 1L << 40;

    private const int MaxMode = 0x1ff;

    /// <summary>In bytes.</summary>
    public long Size { get; } = size;

    /// <summary>Permission bits.</summary>
    public int Mode { get; } = mode;

    /// <summary>Of its bytes.</summary>
    public byte[] Sha256 { get; } = sha256;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (facts, ref writer) =>
    {
        writer.WriteArrayHead(3);
        facts.Write(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileFacts? facts)
    {
        facts = null;
        var reader = new CborReader(data);
        return reader.TryReadArray(3) && TryRead(ref reader, out facts) && reader.AtEnd;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteUInt64((ulong)Size);
        writer.WriteUInt64((ulong)Mode);
        writer.WriteBytes(Sha256);
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out FileFacts? facts)
    {
        facts = null;
        if (!reader.TryReadUInt64(out var size, (ulong)MaxSize)
            || !reader.TryReadInt32(out var mode, MaxMode)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash))
        {
            return false;
        }

        facts = new FileFacts((long)size, mode, hash.ToArray());
        return true;
    }
}
