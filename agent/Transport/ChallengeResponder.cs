using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;
using MQTTnet;

namespace Messaging.Agent.Transport;

/// <summary>
/// Proves to the relay that the device has its identity key, for this connection's certificate only: what somebody in the middle
/// passes on is worth nothing there.
/// </summary>
internal sealed class ChallengeResponder(PrincipalId device, IdentityKey identity, ServerCertificateCheck certificate) : IMqttEnhancedAuthenticationHandler
{
    public RelayHello Hello { get; } = RelayCredentials.CreateHello(device);

    /// <exception cref="CryptographicException">The challenge is malformed or for another certificate.</exception>
    public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
    {
        if (!RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge))
        {
            throw new CryptographicException("the challenge is malformed");
        }

        if (!challenge.TlsSpkiSha256.AsSpan().SequenceEqual(certificate.SpkiSha256))
        {
            throw new CryptographicException("the challenge is for another certificate than the one that is shown");
        }

        var response = RelayCredentials.CreateResponse(identity, Hello, challenge);
        return eventArgs.SendAsync(new SendMqttEnhancedAuthenticationDataOptions { Data = response }, eventArgs.CancellationToken);
    }
}
