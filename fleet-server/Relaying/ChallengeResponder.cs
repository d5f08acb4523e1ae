using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.FleetServer.Trust;
using Messaging.Wire;
using MQTTnet;

namespace Messaging.FleetServer.Relaying;

/// <summary>
/// Answers the relay's challenge with the server's identity key, bound to the certificate that this connection shows: an
/// answer that somebody in the middle passes on is worth nothing there.
/// </summary>
internal sealed class ChallengeResponder(FleetKeys keys) : IMqttEnhancedAuthenticationHandler
{
    public RelayHello Hello { get; } = RelayCredentials.CreateHello(keys.ServerId);

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of the certificate that the relay showed; null without TLS.</summary>
    public byte[]? SeenTlsSpkiSha256 { get; set; }

    /// <exception cref="CryptographicException">The challenge is malformed or bound to another certificate.</exception>
    public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
    {
        if (!RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge))
        {
            throw new CryptographicException("The relay's challenge is malformed.");
        }

        if (!challenge.TlsSpkiSha256.AsSpan().SequenceEqual(SeenTlsSpkiSha256))
        {
            throw new CryptographicException("The relay's challenge names another certificate than the one it shows.");
        }

        var signature = keys.Server.Sign(RelayAuthentication.Transcript(Hello, challenge));
        var response = RelayAuthentication.EncodeResponse(signature, keys.Server.Public);
        return eventArgs.SendAsync(new SendMqttEnhancedAuthenticationDataOptions { Data = response }, eventArgs.CancellationToken);
    }
}
