using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "file-write": [path, mode, bytes, expected].</summary>
/// <param name="path">Absolute, at most 4,096 bytes.</param>
/// <param name="mode">Permissions, 0 to 0777 octal.</param>
/// <param name="bytes">The whole new content, at most <see cref="FileReadArguments.MaxBytes"/>.</param>
/// <param name="expected">SHA-256 of the content that is to be replaced; empty: there must be no file; null: whatever is there.</param>
public sealed class FileWriteArguments(string path, int mode, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte>? expected)
{
    /// <summary>Read, write and execute, for everybody.</summary>
    public const int MaxMode = 0x1ff;

    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>Its permissions.</summary>
    public int Mode { get; } = mode;

    /// <summary>Its new content.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>What it has to be before.</summary>
    public ReadOnlyMemory<byte>? Expected { get; } = expected;

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is beyond its limits.</exception>
    public byte[] Encode()
    {
        if (Bytes.Length > FileReadArguments.MaxBytes || Mode is < 0 or > MaxMode || Expected is { Length: not (0 or SHA256.HashSizeInBytes) })
        {
            throw new InvalidOperationException($"A file that is written has at most {FileReadArguments.MaxBytes} bytes, and what is expected is a SHA-256.");
        }

        return MessageBuffer.Write(this, static (write, ref writer) =>
        {
            writer.WriteArrayHead(4);
            writer.WriteText(write.Path, FileReadArguments.MaxPathBytes);
            writer.WriteUInt64((ulong)write.Mode);
            writer.WriteBytes(write.Bytes.Span);
            if (write.Expected is { } expected)
            {
                writer.WriteBytes(expected.Span);
            }
            else
            {
                writer.WriteNull();
            }
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileWriteArguments? arguments)
    {
        arguments = null;
        ReadOnlyMemory<byte>? expected = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadText(out var path, FileReadArguments.MaxPathBytes)
            || !reader.TryReadInt32(out var mode, MaxMode)
            || !reader.TryReadBytes(out var bytes, FileReadArguments.MaxBytes))
        {
            return false;
        }

        if (!reader.TryReadNull())
        {
            if (!reader.TryReadBytes(out var hash, SHA256.HashSizeInBytes) || hash.Length is not (0 or SHA256.HashSizeInBytes))
            {
                return false;
            }

            expected = hash.ToArray();
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        arguments = new FileWriteArguments(path, mode, bytes.ToArray(), expected);
        return true;
    }
}
