using System.Net;
using System.Net.Sockets;

namespace Messaging.FleetServer.Relaying;

/// <summary>Where the relay is.</summary>
internal sealed record RelayLinkOptions
{
    /// <summary>A Unix socket, an address or a name with port.</summary>
    public required EndPoint EndPoint { get; init; }

    public bool Tls { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo that the relay's certificate must have; null: the system's roots decide.</summary>
    public byte[]? Pin { get; init; }

    /// <summary>For people.</summary>
    public required string Address { get; init; }

    /// <summary>The first wait after a lost connection; doubles up to <see cref="LongestDelay"/>, with jitter.</summary>
    public TimeSpan ShortestDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>No longer: the whole fleet waits for this one client, and while it is away the relay turns every device away.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting, or an answer of the relay, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public static RelayLinkOptions Socket(string path) =>
        new() { EndPoint = new UnixDomainSocketEndPoint(path), Address = $"unix:{path}" };

    /// <param name="url">mqtt://host:port or mqtts://host:port.</param>
    /// <exception cref="ArgumentException">The scheme is another.</exception>
    public static RelayLinkOptions Url(Uri url, byte[]? pin)
    {
        var tls = url.Scheme switch
        {
            "mqtt" => false,
            "mqtts" => true,
            _ => throw new ArgumentException("A relay's address starts with mqtt:// or mqtts://.", nameof(url)),
        };
        var port = url.Port > 0 ? url.Port : tls ? 8883 : 1883;
        EndPoint endPoint = IPAddress.TryParse(url.IdnHost, out var address)
            ? new IPEndPoint(address, port)
            : new DnsEndPoint(url.IdnHost, port);
        return new RelayLinkOptions { EndPoint = endPoint, Tls = tls, Pin = pin, Address = url.ToString() };
    }
}
