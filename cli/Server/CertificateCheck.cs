using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Messaging.Cli.Server;

/// <summary>
/// Judges the server's certificate: the system's authorities or those of --ca-file vouch for it, or the fleet's own notice pins its key.
/// </summary>
/// <param name="authorities">Those of --ca-file.</param>
internal sealed class CertificateCheck(X509Certificate2Collection authorities)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>SHA-256 of SubjectPublicKeyInfos: of a notice that was verified.</summary>
    public IReadOnlyList<byte[]> Pins { get; set; } = [];

    /// <summary>True when a certificate was refused.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>What TLS calls; true lets the handshake go on.</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        using var copy = certificate is null or X509Certificate2 ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var shown = copy ?? certificate as X509Certificate2;
        var accepted = errors == SslPolicyErrors.None || (shown is not null && (IsPinned(shown) || IsVouchedFor(shown, chain, errors)));
        HasRefused |= !accepted;
        return accepted;
    }

    private bool IsPinned(X509Certificate2 certificate)
    {
        var shown = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        return Pins.Any(pin => pin.AsSpan().SequenceEqual(shown));
    }

    private bool IsVouchedFor(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // The name has to be right whoever vouches.
        if (authorities.Count == 0 || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (chain is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        }

        return own.Build(certificate);
    }
}
