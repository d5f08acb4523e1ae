using System.Text;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Rosters;

/// <summary>Where devices look for a newer roster when their server does not bring one.</summary>
internal static class HomeList
{
    private const int MaxHomes = 16;
    private const int MaxBytes = 512;

    /// <exception cref="CliException">One of them is no base address, or there are too many.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> homes)
    {
        if (homes.Count > MaxHomes)
        {
            throw new CliException($"A roster has at most {MaxHomes} homes.", ExitCodes.Usage);
        }

        foreach (var home in homes)
        {
            if (!Uri.TryCreate(home, UriKind.Absolute, out var uri)
                || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
                || uri.Host.Length == 0
                || Encoding.UTF8.GetByteCount(home) > MaxBytes)
            {
                throw new CliException($"--home {home}: a home is a base address, http or https, of at most {MaxBytes} bytes.", ExitCodes.Usage);
            }
        }

        return homes;
    }
}
