using Messaging.Wire;

namespace Messaging.Updates.Metadata;

/// <summary>Bytes in lower-case hexadecimal digits, as all known repositories write them: one text for one value.</summary>
internal static class TufHex
{
    /// <summary>Null when it is none.</summary>
    public static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length / 2];
        return LowerHex.TryDecode(text, bytes) ? bytes : null;
    }
}
