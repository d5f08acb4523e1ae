using System.Globalization;
using System.Text;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>
/// Metadata as files have it: JSON of RFC 8259. It is the canonical form but for control characters, which stand for themselves there (the
/// line ends of keys), and have to be escaped in a file.
/// </summary>
internal static class JsonText
{
    private const char FirstPrintable = ' ';

    public static byte[] Write(TufJson value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(TufJson value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case TufJsonKind.Null:
                text.Append("null");
                break;
            case TufJsonKind.False:
                text.Append("false");
                break;
            case TufJsonKind.True:
                text.Append("true");
                break;
            case TufJsonKind.Integer:
                text.Append(CultureInfo.InvariantCulture, $"{value.Number}");
                break;
            case TufJsonKind.Text:
                WriteText(value.Text, text);
                break;
            default:
                WriteMany(value, text);
                break;
        }
    }

    private static void WriteMany(TufJson value, StringBuilder text)
    {
        var isObject = value.Kind == TufJsonKind.Object;
        text.Append(isObject ? '{' : '[');
        for (var i = 0; i < value.Items.Length; i++)
        {
            text.Append(i > 0 ? "," : "");
            if (isObject)
            {
                WriteText(Encoding.UTF8.GetString(value.Names[i]), text);
                text.Append(':');
            }

            Write(value.Items[i], text);
        }

        text.Append(isObject ? '}' : ']');
    }

    private static void WriteText(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                < FirstPrintable => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
