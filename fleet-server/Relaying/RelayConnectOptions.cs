using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;

namespace Messaging.FleetServer.Relaying;

/// <summary>What the MQTT client is told for one connection.</summary>
internal static class RelayConnectOptions
{
    public const string ClientId = "control";

    /// <summary>Publications that may be on their way here: what is not acknowledged yet stays within this.</summary>
    public const ushort ReceiveMaximum = 1024;

    public static MqttClientOptions Create(RelayLinkOptions options, ChallengeResponder responder)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(ClientId)
            .WithCleanStart()
            .WithEndPoint(options.EndPoint)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(20))
            .WithTimeout(options.Timeout)
            .WithReceiveMaximum(ReceiveMaximum)
            .WithEnhancedAuthentication(RelayAuthentication.Method, responder.Hello.Encode())
            .WithEnhancedAuthenticationHandler(responder);
        if (options.EndPoint is UnixDomainSocketEndPoint)
        {
            builder.WithProtocolType(ProtocolType.Unspecified).WithAddressFamily(AddressFamily.Unix);
        }

        if (options.Tls)
        {
            builder.WithTlsOptions(tls => tls.UseTls()
                .WithCertificateValidationHandler(seen => Validate(seen, options.Pin, responder)));
        }

        return builder.Build();
    }

    private static bool Validate(MqttClientCertificateValidationEventArgs seen, byte[]? pin, ChallengeResponder responder)
    {
        if (seen.Certificate is null)
        {
            return false;
        }

        using var certificate = new X509Certificate2(seen.Certificate);
        var hash = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        responder.SeenTlsSpkiSha256 = hash;
        return pin is null ? seen.SslPolicyErrors == SslPolicyErrors.None : hash.AsSpan().SequenceEqual(pin);
    }
}
