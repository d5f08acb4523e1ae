using System.Globalization;
using System.Net;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>Chooses the demo's ports: what was asked for; else what it had before; else the usual one; else a free one.</summary>
internal static class DemoPorts
{
    /// <exception cref="FormatException">The text is not a port.</exception>
    public static int Choose(string? asked, int? before, int usual, string name)
    {
        int? wanted = null;
        if (asked is not null)
        {
            wanted = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
                ? port
                : throw new FormatException($"{name} must be a port from 0 to 65535.");
        }

        if (wanted > 0)
        {
            return wanted.Value;
        }

        foreach (var candidate in new[] { before, wanted is null ? usual : null })
        {
            if (candidate is { } port && PortPicker.IsFree(IPAddress.Loopback, port))
            {
                return port;
            }
        }

        return PortPicker.Free(IPAddress.Loopback);
    }
}
