using System.Text;
using Messaging.Relay.Counters;
using Messaging.Relay.Principals;
using Messaging.Wire;
using MQTTnet.Protocol;

namespace Messaging.Relay.Authentication;

/// <summary>
/// The way in for MQTT 3.1.1, which has no challenge: the principal's id as user name, and as password a token that it
/// signed itself, of this minute, for this certificate, good for one use.
/// </summary>
internal sealed class TokenAuthentication(PrincipalDirectory directory, NonceMemory nonces, RelayCounters counters, TimeProvider time)
{
    // A relay that starts remembers no nonces, so what was issued before could be a replay.
    private readonly long _startedAtUnixSeconds = time.GetUtcNow().ToUnixTimeSeconds();

    public AuthenticationResult Authenticate(string? userName, byte[]? password, byte[]? tlsSpkiSha256)
    {
        if (password is null
            || !PrincipalId.TryParse(userName, out var id)
            || !RelayToken.TryParse(Encoding.ASCII.GetString(password), out var token)
            || token.Principal != id)
        {
            return AuthenticationResult.Refused();
        }

        if (!directory.IsReady)
        {
            return AuthenticationResult.Refused(MqttConnectReasonCode.ServerUnavailable);
        }

        if (directory.Find(id) is not { IsActive: true } known
            || !IsTimely(token.IssuedAtUnixSeconds)
            || !IsForCertificate(token, tlsSpkiSha256)
            || !token.Verify(known.Key))
        {
            return AuthenticationResult.Refused();
        }

        if (!nonces.TryUse(id, token.Nonce.Span, token.IssuedAtUnixSeconds))
        {
            counters.Count(RelayCounter.TokensReplayed);
            return AuthenticationResult.Refused();
        }

        return AuthenticationResult.Device(id, known.Key);
    }

    private bool IsTimely(long issuedAt) => issuedAt >= _startedAtUnixSeconds
        && Math.Abs(issuedAt - time.GetUtcNow().ToUnixTimeSeconds()) <= RelayToken.ToleranceSeconds;

    private static bool IsForCertificate(RelayToken token, byte[]? shown) =>
        token.TlsSpkiSha256 is { } seen ? seen.Span.SequenceEqual(shown) : shown is null;
}
