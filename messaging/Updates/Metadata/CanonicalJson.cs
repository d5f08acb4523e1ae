using System.Buffers;
using System.Buffers.Text;

namespace Messaging.Updates.Metadata;

/// <summary>
/// Canonical JSON of OLPC (http://wiki.laptop.org/go/Canonical_JSON), over which metadata is signed: no white space, members ascending by
/// their names' bytes, and in texts only <c>"</c> and <c>\</c> are escaped, so that control characters stand as they are.
/// </summary>
internal static class CanonicalJson
{
    private const int MaxDigits = 20;

    public static byte[] Write(TufJson value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(value, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(TufJson value, ArrayBufferWriter<byte> bytes)
    {
        switch (value.Kind)
        {
            case TufJsonKind.Null:
                bytes.Write("null"u8);
                break;
            case TufJsonKind.False:
                bytes.Write("false"u8);
                break;
            case TufJsonKind.True:
                bytes.Write("true"u8);
                break;
            case TufJsonKind.Integer:
                Utf8Formatter.TryFormat(value.Number, bytes.GetSpan(MaxDigits), out var digits);
                bytes.Advance(digits);
                break;
            case TufJsonKind.Text:
                WriteText(value.Utf8, bytes);
                break;
            default:
                WriteMany(value, bytes);
                break;
        }
    }

    private static void WriteMany(TufJson value, ArrayBufferWriter<byte> bytes)
    {
        var isObject = value.Kind == TufJsonKind.Object;
        bytes.Write(isObject ? "{"u8 : "["u8);
        for (var i = 0; i < value.Items.Length; i++)
        {
            bytes.Write(i > 0 ? ","u8 : ""u8);
            if (isObject)
            {
                WriteText(value.Names[i], bytes);
                bytes.Write(":"u8);
            }

            Write(value.Items[i], bytes);
        }

        bytes.Write(isObject ? "}"u8 : "]"u8);
    }

    private static void WriteText(byte[] text, ArrayBufferWriter<byte> bytes)
    {
        // Two bytes for each that is escaped, and the quotation marks.
        var span = bytes.GetSpan((2 * text.Length) + 2);
        var written = 0;
        span[written++] = (byte)'"';
        foreach (var one in text)
        {
            if (one is (byte)'"' or (byte)'\\')
            {
                span[written++] = (byte)'\\';
            }

            span[written++] = one;
        }

        span[written++] = (byte)'"';
        bytes.Advance(written);
    }
}
