using System.Text;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// Cuts the bytes of a log file into lines. A line ends with LF or CR LF; invalid UTF-8 becomes U+FFFD; a line longer than the
/// limit is cut between characters into pieces that are marked, so that nothing unbounded is held in memory.
/// </summary>
internal sealed class LineSplitter(int maxLineBytes)
{
    private const byte NewLine = (byte)'\n';
    private const byte Return = (byte)'\r';

    /// <summary>Takes the next line or piece.</summary>
    /// <param name="bytes">From the position on.</param>
    /// <param name="insideLine">Whether the bytes before were the beginning of this line.</param>
    /// <param name="isComplete">Take what is there although no newline follows.</param>
    /// <param name="line">The line; its text is null when the bytes are to be skipped.</param>
    /// <returns>False when the line is not complete yet.</returns>
    public bool TryNext(ReadOnlySpan<byte> bytes, bool insideLine, bool isComplete, out SplitLine line)
    {
        // Who truncates a file that its writer does not open for appending leaves a hole of zeros before the next line.
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;
        if (!insideLine && zeros > 0)
        {
            line = new(null, zeros, false, LinePart.Whole);
            return true;
        }

        var window = bytes.Length > maxLineBytes ? bytes[..(maxLineBytes + 1)] : bytes;
        var end = window.IndexOf(NewLine);
        if (end >= 0)
        {
            var content = end > 0 && bytes[end - 1] == Return ? bytes[..(end - 1)] : bytes[..end];
            line = insideLine && content.IsEmpty
                ? new(null, end + 1, false, LinePart.End)
                : new(Text(content), end + 1, false, insideLine ? LinePart.End : LinePart.Whole);
            return true;
        }

        var cut = bytes.Length > maxLineBytes ? CharacterBoundary(bytes, maxLineBytes) : bytes.Length;
        if (cut == 0 || (bytes.Length <= maxLineBytes && !isComplete))
        {
            line = default;
            return false;
        }

        line = new(Text(bytes[..cut]), cut, true, insideLine ? LinePart.Middle : LinePart.Begin);
        return true;
    }

    private static string Text(ReadOnlySpan<byte> content)
    {
        // U+0000 inside text is cut off or refused by much of what text passes through.
        var text = Encoding.UTF8.GetString(content);
        return text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;
    }

    /// <summary>The last place at or before <paramref name="at"/> that is not inside a UTF-8 sequence.</summary>
    private static int CharacterBoundary(ReadOnlySpan<byte> bytes, int at)
    {
        for (var back = 0; back < 4 && at - back > 0; back++)
        {
            if ((bytes[at - back] & 0xC0) != 0x80)
            {
                return at - back;
            }
        }

        return at;
    }
}
