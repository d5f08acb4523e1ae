using System.Net;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>NO_PROXY as other programs read it: names and their subdomains, addresses, networks, a port; <c>*</c> for everything.</summary>
internal sealed class NoProxyList(string? text)
{
    private readonly string[] _items = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool Contains(string host, int port) => Array.Exists(_items, item => Matches(item, host, port));

    private static bool Matches(string item, string host, int port)
    {
        if (item == "*")
        {
            return true;
        }

        if (IPAddress.TryParse(host, out var address))
        {
            return (IPNetwork.TryParse(item, out var network) && network.Contains(address))
                || (IPEndPoint.TryParse(item, out var endPoint) && endPoint.Address.Equals(address) && (endPoint.Port == 0 || endPoint.Port == port));
        }

        var parts = item.Split(':', 2);
        var name = parts[0].TrimStart('*').TrimStart('.');
        return name.Length > 0
            && (parts.Length == 1 || parts[1] == port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            && (host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }
}
