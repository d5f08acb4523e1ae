using System.Text;
using Messaging.Wire;

namespace Messaging.Tests.Spec;

/// <summary>Diagnostic notation (RFC 8949, section 8) of the strict subset.</summary>
internal static class CborText
{
    public static string Of(byte[] data)
    {
        var text = new StringBuilder();
        var reader = new CborReader(data);
        Append(ref reader, text);
        return text.ToString();
    }

    private static void Append(ref CborReader reader, StringBuilder text)
    {
        switch (reader.PeekType())
        {
            case CborType.Natural when reader.TryReadUInt64(out var value): text.Append(value); break;
            case CborType.Negative when reader.TryReadInt64(out var value): text.Append(value); break;
            case CborType.Bytes when reader.TryReadBytes(out var value): text.Append("h'").Append(Convert.ToHexStringLower(value)).Append('\''); break;
            case CborType.Text when reader.TryReadText(out var value, int.MaxValue): text.Append('"').Append(value).Append('"'); break;
            case CborType.Boolean when reader.TryReadBoolean(out var value): text.Append(value ? "true" : "false"); break;
            case CborType.Null when reader.TryReadNull(): text.Append("null"); break;
            case CborType.Array when reader.TryReadArrayHead(out var count): AppendItems(ref reader, text, count); break;
            default: throw new InvalidOperationException("Not an item that messages have.");
        }
    }

    private static void AppendItems(ref CborReader reader, StringBuilder text, int count)
    {
        text.Append('[');
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(ref reader, text);
        }

        text.Append(']');
    }
}
