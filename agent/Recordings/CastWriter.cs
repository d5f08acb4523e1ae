using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Messaging.Sessions;

namespace Messaging.Agent.Recordings;

/// <summary>
/// Writes asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/): a header, then an event a line. What is typed is no event: a password is
/// typed without being shown, and must be in no recording. Not thread-safe.
/// </summary>
internal sealed class CastWriter
{
    private const int LongestRune = 4;

    /// <summary>The beginning of a character whose end has not come yet.</summary>
    private readonly byte[] _carry = new byte[LongestRune];
    private int _carried;

    /// <param name="output">Where to.</param>
    /// <param name="size">The terminal's.</param>
    /// <param name="terminal">TERM: letters, digits and <c>+-._</c>.</param>
    /// <param name="title">Without what JSON would escape.</param>
    /// <param name="unixMs">When it begins; null when that is not known.</param>
    public static void Begin(ArrayBufferWriter<byte> output, TerminalSize size, string terminal, string title, long? unixMs)
    {
        Text(output, "{\"version\": 2, \"width\": "u8);
        Number(output, size.Columns);
        Text(output, ", \"height\": "u8);
        Number(output, size.Rows);
        if (unixMs is { } at)
        {
            Text(output, ", \"timestamp\": "u8);
            Number(output, at / 1000);
        }

        Text(output, ", \"title\": \""u8);
        Text(output, Encoding.UTF8.GetBytes(title));
        Text(output, "\", \"env\": {\"TERM\": \""u8);
        Text(output, Encoding.UTF8.GetBytes(terminal));
        Text(output, "\"}}\n"u8);
    }

    /// <summary>What the terminal showed. A character that is cut in two pieces is one again; what is no UTF-8 is U+FFFD.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="microseconds">Since the beginning.</param>
    /// <param name="bytes">As the programs wrote them.</param>
    public void Output(ArrayBufferWriter<byte> output, long microseconds, ReadOnlySpan<byte> bytes)
    {
        Event(output, microseconds, "o"u8);
        while (_carried > 0 && !bytes.IsEmpty)
        {
            _carry[_carried++] = bytes[0];
            bytes = bytes[1..];

            // What turns out to be no character ends before the byte that shows it, which may begin the next one.
            var taken = Characters(output, _carry.AsSpan(0, _carried));
            _carry.AsSpan(taken, _carried - taken).CopyTo(_carry);
            _carried -= taken;
        }

        var rest = bytes[Characters(output, bytes)..];
        rest.CopyTo(_carry.AsSpan(_carried));
        _carried += rest.Length;
        Text(output, "\"]\n"u8);
    }

    public static void Resize(ArrayBufferWriter<byte> output, long microseconds, TerminalSize size)
    {
        Event(output, microseconds, "r"u8);
        Number(output, size.Columns);
        Text(output, "x"u8);
        Number(output, size.Rows);
        Text(output, "\"]\n"u8);
    }

    /// <summary>What was begun and never ended.</summary>
    public void End(ArrayBufferWriter<byte> output, long microseconds)
    {
        if (_carried > 0)
        {
            _carried = 0;
            Event(output, microseconds, "o"u8);
            Text(output, Replacement);
            Text(output, "\"]\n"u8);
        }
    }

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Writes characters as JSON has them in a text.</summary>
    /// <returns>How many bytes they took: all but a character at the end that is not whole.</returns>
    private static int Characters(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        var plain = 0;
        var at = 0;
        while (at < bytes.Length)
        {
            var one = bytes[at];
            if (one is >= 0x20 and < 0x80 and not (byte)'"' and not (byte)'\\')
            {
                at++;
                continue;
            }

            Text(output, bytes[plain..at]);
            if (one < 0x80)
            {
                Escaped(output, one);
                plain = ++at;
                continue;
            }

            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed);
            if (status == OperationStatus.NeedMoreData)
            {
                return at;
            }

            Text(output, status == OperationStatus.Done ? bytes.Slice(at, consumed) : Replacement);
            plain = at += consumed;
        }

        Text(output, bytes[plain..]);
        return bytes.Length;
    }

    private static void Escaped(ArrayBufferWriter<byte> output, byte one)
    {
        switch (one)
        {
            case (byte)'\n':
                Text(output, "\\n"u8);
                break;
            case (byte)'\r':
                Text(output, "\\r"u8);
                break;
            case (byte)'"':
                Text(output, "\\\""u8);
                break;
            case (byte)'\\':
                Text(output, "\\\\"u8);
                break;
            default:
                Text(output, "\\u00"u8);
                Text(output, [(byte)('0' + (one >> 4)), "0123456789abcdef"u8[one & 0xf]]);
                break;
        }
    }

    /// <summary>Seconds with six digits behind the point.</summary>
    private static void Event(ArrayBufferWriter<byte> output, long microseconds, ReadOnlySpan<byte> kind)
    {
        Text(output, "["u8);
        Number(output, microseconds / 1_000_000);
        Text(output, "."u8);
        Number(output, microseconds % 1_000_000, new StandardFormat('D', 6));
        Text(output, ", \""u8);
        Text(output, kind);
        Text(output, "\", \""u8);
    }

    private static void Number(ArrayBufferWriter<byte> output, long number, StandardFormat format = default)
    {
        _ = Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written, format);
        output.Advance(written);
    }

    private static void Text(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text) => output.Write(text);
}
