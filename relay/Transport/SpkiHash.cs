using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Messaging.Relay.Transport;

/// <summary>SHA-256 of a certificate's SubjectPublicKeyInfo: what clients pin, and what authentication is bound to.</summary>
internal static class SpkiHash
{
    /// <summary>The hash of the certificate that this end showed on a connection, or null without TLS.</summary>
    public static byte[]? Of(ISslStreamFeature? feature) => feature?.SslStream.LocalCertificate switch
    {
        null => null,
        X509Certificate2 certificate => Of(certificate),
        var certificate => OfCopy(certificate),
    };

    /// <summary>The hash of a certificate.</summary>
    public static byte[] Of(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    private static byte[] OfCopy(X509Certificate certificate)
    {
        using var copy = new X509Certificate2(certificate);
        return Of(copy);
    }
}
