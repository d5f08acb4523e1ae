using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Messaging.Agent.Transport;

/// <summary>Judges one connection's certificate: by the roster's pins where there are any, else by the system's authorities.</summary>
internal sealed class ServerCertificateCheck(IReadOnlyList<byte[]> pins)
{
    /// <summary>SHA-256 of the SubjectPublicKeyInfo that was shown; null without TLS.</summary>
    public byte[]? SpkiSha256 { get; private set; }

    /// <summary>Whether the system's authorities vouch for it.</summary>
    public bool IsTrustedBySystem { get; private set; }

    public bool IsPinned => SpkiSha256 is { } shown && pins.Any(pin => CryptographicOperations.FixedTimeEquals(pin, shown));

    /// <summary>What TLS calls; true lets the handshake go on. All connections that one object judges must show the same key.</summary>
    public bool Accept(X509Certificate? certificate, SslPolicyErrors errors)
    {
        var before = SpkiSha256;
        See(certificate, errors);
        if (before is not null && !before.AsSpan().SequenceEqual(SpkiSha256))
        {
            SpkiSha256 = before;
            return false;
        }

        return pins.Count > 0 ? IsPinned : IsTrustedBySystem;
    }

    /// <summary>Only takes note of it.</summary>
    public void See(X509Certificate? certificate, SslPolicyErrors errors)
    {
        IsTrustedBySystem = errors == SslPolicyErrors.None;
        if (certificate is null)
        {
            return;
        }

        using var copy = certificate as X509Certificate2 is null ? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()) : null;
        var full = copy ?? (X509Certificate2)certificate;
        SpkiSha256 = SHA256.HashData(full.PublicKey.ExportSubjectPublicKeyInfo());
    }
}
