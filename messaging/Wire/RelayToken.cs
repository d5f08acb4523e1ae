using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>
/// The password of MQTT 3.1.1 clients, which have no challenge and response: the base64url text (no padding) of a COSE_Sign1 with the
/// external_aad "messaging/1/relay-token" and the payload [1, principalId, issuedAt (Unix seconds), nonce(16), tlsSpkiSha256(32) | null].
/// The user name is the principal's id. A relay takes a token within 300 s of its own time, and each nonce once.
/// </summary>
public sealed class RelayToken
{
    /// <summary>How far a token's time may be from the relay's, in seconds, either way.</summary>
    public const int ToleranceSeconds = 300;

    /// <summary>The nonce, in bytes.</summary>
    public const int NonceBytes = 16;

    internal const int MaxTextChars = 512;

    private readonly byte[] _signed;

    private RelayToken(byte[] signed) => _signed = signed;

    /// <summary>The external_aad.</summary>
    public static ReadOnlySpan<byte> Label => "messaging/1/relay-token"u8;

    /// <summary>Who connects.</summary>
    public PrincipalId Principal { get; private init; }

    /// <summary>When the token was made, in Unix seconds by the client's clock.</summary>
    public long IssuedAtUnixSeconds { get; private init; }

    /// <summary>16 random bytes.</summary>
    public ReadOnlyMemory<byte> Nonce { get; private init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the certificate that the client saw, or null without TLS.</summary>
    public ReadOnlyMemory<byte>? TlsSpkiSha256 { get; private init; }

    /// <summary>Reads a password. Nothing in the result is to be believed before <see cref="Verify"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RelayToken? token)
    {
        token = null;
        if (text is null || text.Length > MaxTextChars || !Base64UrlText.TryDecode(text, out var signed)
            || !CoseSign1Reader.TryRead(signed, out var message))
        {
            return false;
        }

        var reader = new CborReader(message.Payload);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var principal)
            || !reader.TryReadUInt64(out var issuedAt, (ulong)UnixTime.MaxSeconds)
            || !reader.TryReadFixedBytes(NonceBytes, out var nonce)
            || !RelayAuthentication.TryReadHashOrNull(ref reader, out var hash)
            || !reader.AtEnd)
        {
            return false;
        }

        token = new RelayToken(signed)
        {
            Principal = principal,
            IssuedAtUnixSeconds = (long)issuedAt,
            Nonce = nonce.ToArray(),
            // Typed, because an untyped null would become an empty memory.
            TlsSpkiSha256 = hash is null ? (ReadOnlyMemory<byte>?)null : hash,
        };
        return true;
    }

    /// <summary>Verifies the signature. Time, nonce, user name and certificate are the relay's to check.</summary>
    public bool Verify(IdentityPublicKey key) => CoseSign1Reader.TryRead(_signed, out var message) && message.Verify(key, Label);

    /// <summary>The payload that a client signs.</summary>
    public static byte[] Payload(PrincipalId principal, long issuedAtUnixSeconds, ReadOnlySpan<byte> nonce, byte[]? tlsSpkiSha256)
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(principal);
        writer.WriteUInt64((ulong)issuedAtUnixSeconds);
        writer.WriteBytes(nonce);
        RelayAuthentication.WriteHashOrNull(ref writer, tlsSpkiSha256);
        return buffer[..writer.Written].ToArray();
    }
}
