using System.Text;

namespace Messaging.Relay.Mqtt.Access;

/// <summary>What strangers have named, as it may stand in a log: short, and without a character that begins a line of its own.</summary>
internal static class ShownText
{
    private const int MaxBytes = 256;

    public static string Of(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxBytes)]);
        return string.Concat(shown.Select(static one => char.IsControl(one) || one is '\u2028' or '\u2029' ? '?' : one));
    }
}
