using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Messaging.FleetServer.Storage;

namespace Messaging.FleetServer.Hosting.Tls;

/// <summary>
/// The certificate of HTTPS and MQTT: the user's own, or one made here. Devices pin the key, not the certificate, so the generated
/// key stays when its certificate is made anew for another name or before it expires.
/// </summary>
internal static class ServerCertificate
{
    private const string CertificateFile = "server.crt";
    private const string KeyFile = "server.key";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(825);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(90);

    /// <exception cref="CryptographicException">A file is not what it should be.</exception>
    public static X509Certificate2 Load(FleetServerOptions options, TimeProvider time)
    {
        if (options.TlsCertificateFile is { } file)
        {
            return X509Certificate2.CreateFromPemFile(file, options.TlsKeyFile);
        }

        var folder = options.PathOf("tls");
        DurableFile.CreatePrivateDirectory(folder);
        using var key = LoadKey(Path.Combine(folder, KeyFile));
        var path = Path.Combine(folder, CertificateFile);
        var names = Names(options);
        if (TryLoadUsable(path, key, names, time) is { } usable)
        {
            return usable;
        }

        var made = Make(key, names, time.GetUtcNow());
        DurableFile.Replace(path, Encoding.ASCII.GetBytes(made.ExportCertificatePem()));
        return made;
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo: what devices pin.</summary>
    public static byte[] Pin(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    private static ECDsa LoadKey(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        else
        {
            DurableFile.Replace(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        return key;
    }

    private static X509Certificate2? TryLoadUsable(string path, ECDsa key, IReadOnlyList<string> names, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        var fresh = certificate.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow().UtcDateTime;
        var ours = certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
        return fresh && ours && names.All(name => certificate.MatchesHostname(name)) ? certificate.CopyWithPrivateKey(key) : null;
    }

    private static X509Certificate2 Make(ECDsa key, IReadOnlyList<string> names, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=fleet-server", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));

        // Starts a day ago: a device's clock may be behind.
        return request.CreateSelfSigned(now.AddDays(-1), now + Lifetime);
    }

    private static List<string> Names(FleetServerOptions options)
    {
        var names = new List<string> { "localhost", "127.0.0.1", "::1", Dns.GetHostName() };
        names.AddRange(options.PublicMqttUrls.Prepend(options.PublicUrl).OfType<Uri>().Select(static url => url.IdnHost));
        if (!options.ListenAddress.Equals(IPAddress.Any) && !options.ListenAddress.Equals(IPAddress.IPv6Any))
        {
            names.Add(options.ListenAddress.ToString());
        }

        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
