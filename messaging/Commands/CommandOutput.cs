using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>A piece of what a command writes while it runs (messaging/spec/protocol.md, section 24): [1, cmdId, offset, source, bytes, written | null].</summary>
/// <param name="commandId">The command.</param>
/// <param name="offset">Where the piece stands in all that was sent of the command, in bytes.</param>
/// <param name="source">Where it wrote it.</param>
/// <param name="bytes">At most <see cref="MaxBytes"/>; empty in the last piece alone.</param>
/// <param name="written">In the last piece: how many bytes it wrote in all, at least the bytes that were sent; else null.</param>
public sealed class CommandOutput(CommandId commandId, int offset, OutputSource source, ReadOnlyMemory<byte> bytes, long? written)
{
    /// <summary>The most bytes of a piece.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>The most bytes that are sent of a command.</summary>
    public const int MaxTotalBytes = 16 * 1024 * 1024;

    /// <summary>The command.</summary>
    public CommandId CommandId { get; } = commandId;

    /// <summary>Where the piece stands in all that was sent of the command, in bytes.</summary>
    public int Offset { get; } = offset;

    /// <summary>Where the command wrote it.</summary>
    public OutputSource Source { get; } = source;

    /// <summary>As they were written.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>How many bytes the command wrote in all, when this is the last piece.</summary>
    public long? Written { get; } = written;

    /// <summary>The wire form.</summary>
    /// <exception cref="ArgumentException">It is beyond its limits.</exception>
    public byte[] Encode() => MessageBuffer.Write(this, static (output, ref writer) =>
    {
        if (!IsSound(output.Offset, output.Bytes.Length, output.Written))
        {
            throw new ArgumentException("A piece has 1 to 32768 bytes of the first 16 MiB; the last one may have none, and counts all.", nameof(output));
        }

        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        writer.WriteCommandId(output.CommandId);
        writer.WriteUInt64((ulong)output.Offset);
        writer.WriteUInt64((ulong)output.Source);
        writer.WriteBytes(output.Bytes.Span);
        writer.WriteUInt64OrNull((ulong?)output.Written);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CommandOutput? output)
    {
        output = null;
        long? written = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadInt32(out var offset, MaxTotalBytes)
            || !reader.TryReadInt32(out var source, (int)OutputSource.Error)
            || !reader.TryReadBytes(out var bytes, MaxBytes))
        {
            return false;
        }

        if (!reader.TryReadNull())
        {
            if (!reader.TryReadUInt64(out var count, long.MaxValue))
            {
                return false;
            }

            written = (long)count;
        }

        if (!reader.AtEnd || !IsSound(offset, bytes.Length, written))
        {
            return false;
        }

        output = new CommandOutput(id, offset, (OutputSource)source, bytes.ToArray(), written);
        return true;
    }

    private static bool IsSound(int offset, int length, long? written) =>
        offset >= 0 && length <= MaxBytes && offset + length <= MaxTotalBytes && (written is { } all ? all >= offset + length : length > 0);
}
