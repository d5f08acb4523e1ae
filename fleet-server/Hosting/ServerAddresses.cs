using System.Net;

namespace Messaging.FleetServer.Hosting;

/// <summary>Under which addresses others find this server. Needs ports that are resolved.</summary>
/// <param name="BaseUrl">For operators and for enrolment; no slash at the end.</param>
/// <param name="Mqtt">For devices, best first: MQTT over TCP, then over WebSocket where HTTP is served here, too.</param>
/// <param name="TlsPins">Hashes of the keys that devices meet there; empty: no TLS, or the relay is elsewhere.</param>
internal sealed record ServerAddresses(Uri BaseUrl, IReadOnlyList<Uri> Mqtt, IReadOnlyList<byte[]> TlsPins)
{
    public static ServerAddresses Of(FleetServerOptions options, IReadOnlyList<byte[]> pins)
    {
        var host = Host(options);
        var web = options.PublicUrl ?? new UriBuilder(options.Tls ? "https" : "http", host, options.Port ?? FleetServerDefaults.HttpsPort).Uri;
        var mqtt = options.PublicMqttUrl
            ?? options.RelayUrl
            ?? new UriBuilder(options.Tls ? "mqtts" : "mqtt", host, options.MqttPort).Uri;
        var addresses = new List<Uri> { mqtt };
        if (options.HasEmbeddedRelay)
        {
            addresses.Add(new UriBuilder(web) { Scheme = web.Scheme == "https" ? "wss" : "ws", Path = Relay.RelayDefaults.WebSocketPath }.Uri);
        }

        return new ServerAddresses(web, addresses, options.RelayPin is { } pin ? [pin] : pins);
    }

    /// <summary>The base address as text, without a slash at the end.</summary>
    public string Url => BaseUrl.GetLeftPart(UriPartial.Authority);

    private static string Host(FleetServerOptions options)
    {
        var any = options.ListenAddress.Equals(IPAddress.Any) || options.ListenAddress.Equals(IPAddress.IPv6Any);
        return any ? Dns.GetHostName() : options.ListenAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{options.ListenAddress}]"
            : options.ListenAddress.ToString();
    }
}
