using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Messaging.Relay.Hosting;

/// <summary>
/// Users of MQTT may have no keep-alive of their own; those that are gone without a word are found by TCP's. It is set on the sockets that listen: accepted ones have what those have.
/// </summary>
internal static class TcpKeepAlive
{
    private const int IdleSeconds = 120;

    public static void Install(SocketTransportOptions options)
    {
        var bind = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endPoint =>
        {
            var socket = bind(endPoint);
            if (endPoint is IPEndPoint)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            }

            return socket;
        };
    }
}
