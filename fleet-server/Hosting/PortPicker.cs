using System.Net;
using System.Net.Sockets;

namespace Messaging.FleetServer.Hosting;

/// <summary>Finds ports before the server is built, because tokens and notices carry them.</summary>
internal static class PortPicker
{
    public static int Free(IPAddress address)
    {
        using var socket = Bind(address, 0);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            Bind(address, port).Dispose();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
