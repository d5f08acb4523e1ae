using System.Buffers.Text;

namespace Messaging.Agent.Collect.Kernel;

/// <summary>Cuts the text of kernel files without allocating.</summary>
internal static class Fields
{
    /// <summary>Takes the next line, without its newline; false at the end.</summary>
    public static bool TryLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        if (text.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }

    /// <summary>Takes the next word (blanks and tabs separate); empty at the end of the line.</summary>
    public static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return word;
    }

    public static void Skip(ref ReadOnlySpan<byte> line, int words)
    {
        for (; words > 0; words--)
        {
            Word(ref line);
        }
    }

    /// <summary>The next word as a number; false when it is none, whatever follows the digits.</summary>
    public static bool TryNumber(ref ReadOnlySpan<byte> line, out long value)
    {
        var word = Word(ref line);
        return Utf8Parser.TryParse(word, out value, out var used) && used == word.Length;
    }

    public static bool TryDecimal(ref ReadOnlySpan<byte> line, out double value)
    {
        var word = Word(ref line);
        return Utf8Parser.TryParse(word, out value, out var used) && used == word.Length;
    }

    /// <summary>The first word as a number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        text = text.Trim(" \t\n"u8);
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>To be thrown; names the file.</summary>
    public static FormatException Malformed(in KernelPath path) => new($"{path.Text} does not look as expected");
}
