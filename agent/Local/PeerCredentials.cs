using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Local;

/// <summary>SO_PEERCRED of a connected Unix socket (unix(7)): who connected, as the kernel noted it then.</summary>
internal static class PeerCredentials
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;

    /// <exception cref="SocketException">It is no Unix socket, or it is not connected.</exception>
    public static LocalSender Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, credentials);
        return new LocalSender(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[4..]));
    }
}
