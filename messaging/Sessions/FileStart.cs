using System.Diagnostics.CodeAnalysis;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>
/// The device's first message in a session that carries a file: [size, offset, mode]. What follows begins at the offset: of a push what the client
/// sends, of a pull what the device sends.
/// </summary>
/// <param name="size">How many bytes the whole file has, at most <see cref="FileReadArguments.MaxOffset"/>.</param>
/// <param name="offset">How many of them are there already, at most the size.</param>
/// <param name="mode">Its permissions, 0 to 0777 octal.</param>
public sealed class FileStart(long size, long offset, int mode)
{
    /// <summary>Bytes that may be on their way to a side of a session that carries a file.</summary>
    public const long Window = 768 * 1024;

    /// <summary>The whole file.</summary>
    public long Size { get; } = size;

    /// <summary>What is there already.</summary>
    public long Offset { get; } = offset;

    /// <summary>Its permissions.</summary>
    public int Mode { get; } = mode;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (start, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)start.Size);
        writer.WriteUInt64((ulong)start.Offset);
        writer.WriteUInt64((ulong)start.Mode);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileStart? start)
    {
        start = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadUInt64(out var size, FileReadArguments.MaxOffset)
            || !reader.TryReadUInt64(out var offset, size)
            || !reader.TryReadInt32(out var mode, FileWriteArguments.MaxMode)
            || !reader.AtEnd)
        {
            return false;
        }

        start = new FileStart((long)size, (long)offset, mode);
        return true;
    }
}
