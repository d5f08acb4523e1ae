using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>The relay's challenge, the data of its AUTH packet: [1, serverNonce(32), tlsSpkiSha256(32) | null].</summary>
/// <param name="ServerNonce">32 fresh random bytes.</param>
/// <param name="TlsSpkiSha256">SHA-256 of the SubjectPublicKeyInfo of the certificate that the relay shows, or null without TLS.</param>
public sealed record RelayChallenge(byte[] ServerNonce, byte[]? TlsSpkiSha256)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (challenge, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteBytes(challenge.ServerNonce);
        RelayAuthentication.WriteHashOrNull(ref writer, challenge.TlsSpkiSha256);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RelayChallenge? challenge)
    {
        challenge = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !reader.TryReadFixedBytes(RelayAuthentication.ServerNonceBytes, out var nonce)
            || !RelayAuthentication.TryReadHashOrNull(ref reader, out var hash)
            || !reader.AtEnd)
        {
            return false;
        }

        challenge = new RelayChallenge(nonce.ToArray(), hash);
        return true;
    }
}
