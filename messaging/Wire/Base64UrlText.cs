using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>base64url (RFC 4648, section 5) without padding, and only the one text that a value encodes to.</summary>
internal static class Base64UrlText
{
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        bytes = null;

        // TryDecodeFromChars throws for characters outside the alphabet, this one does not. Both tolerate white space, padding and stray
        // low bits; encoding again finds all three.
        if (Base64Url.DecodeFromChars(text, buffer, out _, out var length) != OperationStatus.Done
            || !text.SequenceEqual(Base64Url.EncodeToString(buffer.AsSpan(0, length))))
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }
}
