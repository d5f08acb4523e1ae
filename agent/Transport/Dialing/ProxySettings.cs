using System.Net;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>
/// Which proxy leads to a host: that of the configuration, else that of the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY). The password is
/// read when it is needed, and from nowhere but a file: it may have been changed, and is in no argument and no log.
/// </summary>
/// <param name="options">Transport:Proxy and what belongs to it.</param>
/// <param name="environment">Reads a variable.</param>
internal sealed class ProxySettings(TransportOptions options, Func<string, string?> environment)
{
    /// <summary>The word that says: no proxy, whatever the environment says.</summary>
    public const string None = "none";
    private const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Null: straight.</summary>
    /// <exception cref="ProxyException">The proxy, or its password, cannot be used.</exception>
    public ProxyServer? For(string host, int port)
    {
        if (options.Proxy.Length > 0)
        {
            return options.Proxy == None ? null : Parse(options.Proxy, "Transport:Proxy");
        }

        var text = Variable("HTTPS_PROXY") ?? Variable("ALL_PROXY");
        return text is null || IsLoopback(host) || new NoProxyList(Variable("NO_PROXY")).Contains(host, port) ? null : Parse(text, "HTTPS_PROXY");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private ProxyServer Parse(string text, string source)
    {
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.Scheme is not ("http" or "https"))
        {
            // It is not repeated: it may hold a password.
            throw new ProxyException($"{source} is not an address such as http://proxy:3128");
        }

        var given = uri.UserInfo.Split(':', 2);
        var user = options.ProxyUser.Length > 0 ? options.ProxyUser : given[0].Length > 0 ? Uri.UnescapeDataString(given[0]) : null;
        var password = user is null ? "" : ReadPassword() ?? (given.Length > 1 ? Uri.UnescapeDataString(given[1]) : "");
        return new ProxyServer(new UriBuilder(uri) { UserName = "", Password = "", Path = "" }.Uri, user, password);
    }

    /// <summary>The file of the configuration, else the systemd credential; null when there is neither.</summary>
    private string? ReadPassword()
    {
        var path = options.ProxyPasswordFile.Length > 0 ? options.ProxyPasswordFile : Credentials.Find(Credentials.ProxyPassword, environment);
        if (path is null)
        {
            return null;
        }

        try
        {
            return options.ProxyPasswordFile.Length > 0 && (File.GetUnixFileMode(path) & OthersMay) != UnixFileMode.None
                ? throw new ProxyException($"{path} can be read by others: chmod 600 {path}")
                : File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProxyException($"the proxy's password cannot be read: {e.Message}");
        }
    }

    private string? Variable(string name) =>
        environment(name) is { Length: > 0 } upper ? upper : environment(name.ToLowerInvariant()) is { Length: > 0 } lower ? lower : null;
}
