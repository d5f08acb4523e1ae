namespace Messaging.Updates.Keys;

/// <summary>The text form of public keys (RFC 7468, section 13).</summary>
internal static class PublicKeyPem
{
    private const string Begin = "-----BEGIN PUBLIC KEY-----";
    private const string End = "-----END PUBLIC KEY-----";

    /// <summary>The SubjectPublicKeyInfo, or null when the text is not one such block alone.</summary>
    public static byte[]? Decode(string text)
    {
        var block = text.AsSpan().Trim();
        if (block.Length < Begin.Length + End.Length || !block.StartsWith(Begin, StringComparison.Ordinal) || !block.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        var base64 = block[Begin.Length..^End.Length];
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64Chars(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
