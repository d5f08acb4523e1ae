using System.Net;
using Messaging.Relay;
using Messaging.Wire;

namespace Messaging.FleetServer.Hosting;

/// <summary>Under which addresses others find this server. Needs ports that are resolved.</summary>
/// <param name="BaseUrl">For operators and for enrolment; no slash at the end.</param>
/// <param name="Mqtt">For devices, best first: MQTT over TCP, then over WebSocket and long poll where HTTP is served here, too.</param>
/// <param name="TlsPins">Hashes of the keys that devices meet there; empty: no TLS, or the relay is elsewhere.</param>
internal sealed record ServerAddresses(Uri BaseUrl, IReadOnlyList<Uri> Mqtt, IReadOnlyList<byte[]> TlsPins)
{
    public static ServerAddresses Of(FleetServerOptions options, IReadOnlyList<byte[]> pins)
    {
        var host = Host(options);
        var web = options.PublicUrl ?? new UriBuilder(options.Tls ? "https" : "http", host, options.Port ?? FleetServerDefaults.HttpsPort).Uri;
        IReadOnlyList<Uri> named = options.PublicMqttUrls.Count > 0 ? options.PublicMqttUrls
            : [options.RelayUrl ?? new UriBuilder(options.Tls ? "mqtts" : "mqtt", host, options.MqttPort).Uri];
        var addresses = named.ToList();
        if (options.HasEmbeddedRelay)
        {
            var s = web.Scheme == "https" ? "s" : "";
            AddUnlessNamed(addresses, new UriBuilder(web) { Scheme = "ws" + s, Path = RelayDefaults.WebSocketPath }.Uri);
            AddUnlessNamed(addresses, new UriBuilder(web) { Scheme = "http" + s, Path = RelayDefaults.WebSocketPath + LongPoll.PathSuffix }.Uri);
        }

        return new ServerAddresses(web, addresses, options.RelayPin is { } pin ? [pin] : pins);
    }

    /// <summary>The base address as text, without a slash at the end.</summary>
    public string Url => BaseUrl.GetLeftPart(UriPartial.Authority);

    /// <summary>Who names an address of a kind knows better where devices get through.</summary>
    private static void AddUnlessNamed(List<Uri> addresses, Uri own)
    {
        if (addresses.Count < FleetServerDefaults.MaxPublicMqttUrls && addresses.TrueForAll(address => address.Scheme.TrimEnd('s') != own.Scheme.TrimEnd('s')))
        {
            addresses.Add(own);
        }
    }

    private static string Host(FleetServerOptions options)
    {
        var any = options.ListenAddress.Equals(IPAddress.Any) || options.ListenAddress.Equals(IPAddress.IPv6Any);
        return any ? Dns.GetHostName() : options.ListenAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{options.ListenAddress}]"
            : options.ListenAddress.ToString();
    }
}
