using System.Buffers.Text;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>The client's half of authentication with a relay: what needs the identity key.</summary>
public static class RelayCredentials
{
    /// <summary>A hello with a fresh nonce, for the CONNECT packet.</summary>
    public static RelayHello CreateHello(PrincipalId principal) =>
        new(principal, RandomNumberGenerator.GetBytes(RelayAuthentication.ClientNonceBytes));

    /// <summary>The answer to a challenge, for the AUTH packet. The caller has compared the challenge's TLS hash with the certificate it sees.</summary>
    /// <param name="key">The client's identity key.</param>
    /// <param name="hello">What the client said in its CONNECT packet.</param>
    /// <param name="challenge">What the relay answered.</param>
    /// <param name="isControl">True from control, whose key the relay knows only by its fingerprint: the answer names it then.</param>
    public static byte[] CreateResponse(IdentityKey key, RelayHello hello, RelayChallenge challenge, bool isControl = false)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = key.Sign(RelayAuthentication.Transcript(hello, challenge));
        return RelayAuthentication.EncodeResponse(signature, isControl ? key.Public : null);
    }

    /// <summary>Control's answer to a challenge: it names its key, of which the relay knows only the fingerprint.</summary>
    public static byte[] CreateControlResponse(IdentityKey key, RelayHello hello, RelayChallenge challenge)
    {
        ArgumentNullException.ThrowIfNull(key);
        return RelayAuthentication.EncodeResponse(key.Sign(RelayAuthentication.Transcript(hello, challenge)), key.Public);
    }

    /// <summary>A password for MQTT 3.1.1: see <see cref="RelayToken"/>.</summary>
    /// <param name="key">The client's identity key.</param>
    /// <param name="principal">The client.</param>
    /// <param name="now">The client's time.</param>
    /// <param name="tlsSpkiSha256">SHA-256 of the SubjectPublicKeyInfo of the relay's certificate, or null without TLS.</param>
    public static string CreateToken(IdentityKey key, PrincipalId principal, DateTimeOffset now, byte[]? tlsSpkiSha256)
    {
        var nonce = RandomNumberGenerator.GetBytes(RelayToken.NonceBytes);
        var payload = RelayToken.Payload(principal, now.ToUnixTimeSeconds(), nonce, tlsSpkiSha256);
        return Base64Url.EncodeToString(CoseSign1Writer.Sign(key, RelayToken.Label, payload));
    }
}
