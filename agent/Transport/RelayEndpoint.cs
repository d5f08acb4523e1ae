using System.Diagnostics.CodeAnalysis;

namespace Messaging.Agent.Transport;

/// <summary>Where a relay listens.</summary>
/// <param name="Address">As configured or as the roster says; without secrets, fit for the status screen.</param>
/// <param name="Uri">The same, parsed.</param>
/// <param name="Port">TCP port.</param>
/// <param name="UseTls">TLS inside.</param>
/// <param name="Kind">How MQTT is carried.</param>
internal sealed record RelayEndpoint(string Address, Uri Uri, int Port, bool UseTls, TransportKind Kind)
{
    private const int MqttPort = 1883;
    private const int MqttTlsPort = 8883;

    /// <summary>Name or address.</summary>
    public string Host => Uri.IdnHost;

    /// <summary>For people: <c>MQTT over TLS</c>.</summary>
    public string Transport => Kind switch
    {
        TransportKind.WebSocket => "WebSocket",
        TransportKind.LongPoll => "long poll",
        _ => "MQTT",
    } + (UseTls ? " over TLS" : " without TLS");

    /// <summary>Reads <c>mqtts://host[:port]</c>, <c>wss://host[:port]/path</c>, <c>https://host[:port]/path</c>, or the same without the s.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RelayEndpoint? endpoint, out string problem)
    {
        endpoint = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            problem = $"{text} is not an address such as mqtts://host:8883, wss://host/mqtt or https://host/mqtt/poll";
            return false;
        }

        (bool Tls, TransportKind Kind, int Port)? kind = uri.Scheme switch
        {
            "mqtt" => (false, TransportKind.Mqtt, MqttPort),
            "mqtts" => (true, TransportKind.Mqtt, MqttTlsPort),
            "ws" => (false, TransportKind.WebSocket, 80),
            "wss" => (true, TransportKind.WebSocket, 443),
            "http" => (false, TransportKind.LongPoll, 80),
            "https" => (true, TransportKind.LongPoll, 443),
            _ => null,
        };
        if (kind is not { } known)
        {
            problem = $"{text}: {uri.Scheme} is none of mqtt, mqtts, ws, wss, http, https";
            return false;
        }

        if (!known.Tls && !uri.IsLoopback)
        {
            problem = $"{text} has no TLS, which is only allowed on this machine itself";
            return false;
        }

        endpoint = new RelayEndpoint(text, uri, uri.Port > 0 ? uri.Port : known.Port, known.Tls, known.Kind);
        problem = "";
        return true;
    }
}
