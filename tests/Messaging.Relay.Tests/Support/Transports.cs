using System.Net.Sockets;
using MQTTnet;

namespace Messaging.Relay.Tests.Support;

internal static class Transports
{
    /// <summary>Points a client at one of the relay's listeners: tcp, unix, tls, ws, wss.</summary>
    public static void Use(string transport, RelayHost host, RelayClient client, MqttClientOptionsBuilder builder)
    {
        switch (transport)
        {
            case "tcp":
                builder.WithTcpServer("127.0.0.1", host.Port);
                break;
            case "unix":
                builder.WithEndPoint(new UnixDomainSocketEndPoint(host.UnixPath))
                    .WithAddressFamily(AddressFamily.Unix)
                    .WithProtocolType(ProtocolType.Unspecified);
                break;
            case "tls":
                client.UseTls(builder);
                break;
            case "ws" or "wss":
                var url = host.Urls.Single(url => url.StartsWith(transport == "ws" ? "http:" : "https:", StringComparison.Ordinal));
                builder.WithWebSocketServer(options => options.WithUri(url.Replace("http", "ws", StringComparison.Ordinal) + "/mqtt"));
                if (transport == "wss")
                {
                    client.UseTlsOptions(builder);
                }

                break;
            default:
                throw new ArgumentException("Unknown transport.", nameof(transport));
        }
    }
}
