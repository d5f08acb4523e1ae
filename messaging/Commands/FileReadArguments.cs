using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "file-read": [path, offset, length].</summary>
/// <param name="path">Absolute, at most 4,096 bytes.</param>
/// <param name="offset">From where, at most 2^40.</param>
/// <param name="length">How many bytes, 1 to <see cref="MaxBytes"/>; fewer are there where the file ends.</param>
public sealed class FileReadArguments(string path, long offset, int length)
{
    /// <summary>The most bytes that are read or written at once.</summary>
    public const int MaxBytes = 48 * 1024;

    /// <summary>The most bytes of a path.</summary>
    public const int MaxPathBytes = 4096;

    /// <summary>The furthest place in a file.</summary>
    public const long MaxOffset = 1L << 40;

    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>From where.</summary>
    public long Offset { get; } = offset;

    /// <summary>How many bytes.</summary>
    public int Length { get; } = length;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (read, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteText(read.Path, MaxPathBytes);
        writer.WriteUInt64((ulong)read.Offset);
        writer.WriteUInt64((ulong)read.Length);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileReadArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadText(out var path, MaxPathBytes)
            || !reader.TryReadUInt64(out var offset, MaxOffset)
            || !reader.TryReadInt32(out var length, MaxBytes)
            || length == 0
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new FileReadArguments(path, (long)offset, length);
        return true;
    }
}
