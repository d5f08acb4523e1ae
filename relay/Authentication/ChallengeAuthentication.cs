using System.Security.Cryptography;
using Messaging.Relay.Principals;
using Messaging.Wire;
using MQTTnet.Protocol;

namespace Messaging.Relay.Authentication;

/// <summary>
/// The way in for MQTT 5 (section 4.12): hello, challenge, signature. The signature covers the certificate that this end
/// showed, so an answer that was given to somebody else's certificate is worth nothing here.
/// </summary>
internal sealed class ChallengeAuthentication(PrincipalDirectory directory, RelayOptions options)
{
    /// <param name="helloData">The authentication data of the CONNECT packet.</param>
    /// <param name="tlsSpkiSha256">The hash of this end's certificate, or null without TLS.</param>
    /// <param name="exchange">Sends a challenge and answers the client's response, or null when there is none.</param>
    public async Task<AuthenticationResult> AuthenticateAsync(byte[]? helloData, byte[]? tlsSpkiSha256, Func<byte[], Task<byte[]?>> exchange)
    {
        if (!RelayHello.TryDecode(helloData, out var hello))
        {
            return AuthenticationResult.Refused();
        }

        var challenge = new RelayChallenge(RandomNumberGenerator.GetBytes(RelayAuthentication.ServerNonceBytes), tlsSpkiSha256);
        var response = await exchange(challenge.Encode());
        if (response is null)
        {
            return AuthenticationResult.Refused();
        }

        if (RelayAuthentication.ReadControlKey(response) is { } controlKey)
        {
            return IsControl(controlKey) && RelayAuthentication.VerifyResponse(response, controlKey, hello, challenge)
                ? AuthenticationResult.Control(hello.Principal, controlKey)
                : AuthenticationResult.Refused();
        }

        if (!directory.IsReady)
        {
            return AuthenticationResult.Refused(MqttConnectReasonCode.ServerUnavailable);
        }

        return directory.Find(hello.Principal) is { IsActive: true } known
            && RelayAuthentication.VerifyResponse(response, known.Key, hello, challenge)
                ? AuthenticationResult.Device(hello.Principal, known.Key)
                : AuthenticationResult.Refused();
    }

    private bool IsControl(IdentityPublicKey key)
    {
        foreach (var fingerprint in options.ControlKeys)
        {
            if (key.Fingerprint.SequenceEqual(fingerprint))
            {
                return true;
            }
        }

        return false;
    }
}
