using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Messaging.Relay.Hosting;

/// <summary>What the host's sockets need once users come by them.</summary>
internal static class UserSockets
{
    private const int IdleSeconds = 120;

    /// <summary>Bytes that are taken from a socket before somebody reads them. While a password is verified nobody does, and those who wait may be many.</summary>
    private const int MaxUnreadBytes = 128 * 1024;

    public static void Install(SocketTransportOptions options)
    {
        options.MaxReadBufferSize = Math.Min(options.MaxReadBufferSize ?? long.MaxValue, MaxUnreadBytes);

        // A user may have no keep-alive of MQTT's; who is gone without a word is found by TCP's. Accepted sockets have what the listening one has.
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
