namespace Messaging.Updates.Metadata;

/// <summary>Bytes in hexadecimal digits, of either case: metadata has both.</summary>
internal static class TufHex
{
    /// <summary>Null when it is none.</summary>
    public static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
