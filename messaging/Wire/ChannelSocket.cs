using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Names and limits of the channels' HTTP interface and WebSocket: messaging/spec/protocol.md, section "Channels".</summary>
public static class ChannelSocket
{
    /// <summary>Path of the interface; below it the channel's id in hexadecimal digits. A WebSocket is opened on it.</summary>
    public const string Path = "/channels/v1";

    /// <summary>The WebSocket's sub-protocol (RFC 6455, section 1.9).</summary>
    public const string SubProtocol = "messaging.channels.1";

    /// <summary>Media type of bodies: CBOR (RFC 8949).</summary>
    public const string MediaType = "application/cbor";

    /// <summary>The secret that opens a channel has 16 to 64 bytes.</summary>
    public const int MinSecretBytes = 16;

    /// <summary>The secret that opens a channel has 16 to 64 bytes.</summary>
    public const int MaxSecretBytes = 64;

    /// <summary>Channels that one WebSocket has open, at most.</summary>
    public const int MaxOpen = 100;

    /// <summary>Appends of one WebSocket that wait for their answer, at most; the relay reads more when one is answered.</summary>
    public const int MaxAppends = 64;

    /// <summary>Bytes of a message to the relay, at most.</summary>
    public const int MaxRequestBytes = ChannelRecord.MaxBytes + 1024;

    /// <summary>Reads a secret from base64url without padding, in its one form.</summary>
    public static bool TryParseSecret(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? secret)
    {
        // A third more than bytes; longer ones are not looked at.
        secret = text.Length <= MaxSecretBytes * 2 && Base64UrlText.TryDecode(text, out var bytes) && bytes.Length is >= MinSecretBytes and <= MaxSecretBytes ? bytes : null;
        return secret is not null;
    }
}
