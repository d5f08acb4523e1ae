using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Server;

/// <summary>The authorities of --ca-file.</summary>
internal static class Authorities
{
    /// <exception cref="CliException">There is none in the file.</exception>
    public static X509Certificate2Collection Load(string? path)
    {
        var authorities = new X509Certificate2Collection();
        if (path is null)
        {
            return authorities;
        }

        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (CryptographicException e)
        {
            throw new CliException($"{path} cannot be read as certificates: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw new CliException($"{path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----).");
    }
}
