using System.Diagnostics.CodeAnalysis;

namespace Messaging.Agent.Transport;

/// <summary>Where a relay listens.</summary>
/// <param name="Address">As configured or as the roster says; without secrets, fit for the status screen.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="UseTls">TLS inside.</param>
/// <param name="UseWebSocket">MQTT over WebSocket instead of TCP.</param>
internal sealed record RelayEndpoint(string Address, string Host, int Port, bool UseTls, bool UseWebSocket)
{
    private const int MqttPort = 1883;
    private const int MqttTlsPort = 8883;

    /// <summary>Reads <c>mqtts://host[:port]</c>, <c>mqtt://</c>, <c>wss://host[:port]/path</c> or <c>ws://</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RelayEndpoint? endpoint, out string problem)
    {
        endpoint = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            problem = $"{text} is not an address such as mqtts://host:8883 or wss://host/mqtt";
            return false;
        }

        (bool Tls, bool WebSocket, int Port)? kind = uri.Scheme switch
        {
            "mqtt" => (false, false, MqttPort),
            "mqtts" => (true, false, MqttTlsPort),
            "ws" => (false, true, 80),
            "wss" => (true, true, 443),
            _ => null,
        };
        if (kind is not { } known)
        {
            problem = $"{text}: {uri.Scheme} is none of mqtt, mqtts, ws, wss";
            return false;
        }

        if (!known.Tls && !uri.IsLoopback)
        {
            problem = $"{text} has no TLS, which is only allowed on this machine itself";
            return false;
        }

        endpoint = new RelayEndpoint(text, uri.IdnHost, uri.Port > 0 ? uri.Port : known.Port, known.Tls, known.WebSocket);
        problem = "";
        return true;
    }
}
