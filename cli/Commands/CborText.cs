using System.Globalization;
using System.Text;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>Bytes of CBOR as people read them (RFC 8949, section 8): what is signed, whatever its type.</summary>
internal static class CborText
{
    private const int MaxBytesShown = 64;

    /// <summary>One line; texts are quoted, long byte strings are cut. What is no CBOR is shown in hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> data)
    {
        if (!CborReader.IsWellFormed(data))
        {
            return Bytes(data);
        }

        var text = new StringBuilder();
        var reader = new CborReader(data);
        Append(text, ref reader);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ref CborReader reader)
    {
        switch (reader.PeekType())
        {
            case CborType.Array:
                reader.TryReadArrayHead(out var count);
                text.Append('[');
                for (var i = 0; i < count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Append(text, ref reader);
                }

                text.Append(']');
                break;
            case CborType.Text:
                reader.TryReadText(out var value, int.MaxValue);
                text.Append('"').Append(value!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
                break;
            case CborType.Bytes:
                reader.TryReadBytes(out var bytes);
                text.Append(Bytes(bytes));
                break;
            case CborType.Boolean:
                reader.TryReadBoolean(out var flag);
                text.Append(flag ? "true" : "false");
                break;
            case CborType.Null:
                reader.TryReadNull();
                text.Append("null");
                break;
            case CborType.Natural:
                reader.TryReadUInt64(out var number);
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case CborType.Negative:
                text.Append(reader.TryReadInt64(out var negative) ? negative.ToString(CultureInfo.InvariantCulture) : "-?");
                break;
            default:
                reader.TryReadEncoded(out var encoded);
                text.Append(Bytes(encoded));
                break;
        }
    }

    private static string Bytes(ReadOnlySpan<byte> bytes) => bytes.Length <= MaxBytesShown
        ? $"h'{Convert.ToHexStringLower(bytes)}'"
        : $"h'{Convert.ToHexStringLower(bytes[..MaxBytesShown])}...' ({bytes.Length} bytes)";
}
