using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>How large a terminal is, in characters: 1 to 1000 each way.</summary>
/// <param name="Columns">Its width.</param>
/// <param name="Rows">Its height.</param>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>The most columns, and the most rows.</summary>
    public const int Max = 1000;

    /// <summary>The nearest size that there is on the wire.</summary>
    public static TerminalSize Of(int columns, int rows) => new(Math.Clamp(columns, 1, Max), Math.Clamp(rows, 1, Max));

    /// <summary>The body of a message of the kind <see cref="SessionMessageKind.Resize"/>: [columns, rows].</summary>
    public byte[] Encode()
    {
        var bytes = new byte[1 + CborWriter.HeadSize((ulong)Columns) + CborWriter.HeadSize((ulong)Rows)];
        var writer = new CborWriter(bytes);
        writer.WriteArrayHead(2);
        writer.WriteUInt64((ulong)Columns);
        writer.WriteUInt64((ulong)Rows);
        return bytes;
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out TerminalSize size)
    {
        var reader = new CborReader(data);
        size = default;
        return reader.TryReadArray(2) && TryRead(ref reader, out size) && reader.AtEnd;
    }

    internal static bool TryRead(ref CborReader reader, out TerminalSize size)
    {
        size = default;
        if (!reader.TryReadInt32(out var columns, Max) || !reader.TryReadInt32(out var rows, Max) || columns == 0 || rows == 0)
        {
            return false;
        }

        size = new TerminalSize(columns, rows);
        return true;
    }
}
