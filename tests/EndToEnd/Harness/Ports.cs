using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Messaging.EndToEnd.Harness;

/// <summary>Ports for servers that must listen on the same one again after they were killed.</summary>
internal static class Ports
{
    /// <summary>Below what Linux gives to outgoing connections (from 32768), so that none of them takes it while the server is down.</summary>
    private const int First = 20_000, Last = 32_000;

    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody has it: the next draw is another one.
            }
        }
    }
}
