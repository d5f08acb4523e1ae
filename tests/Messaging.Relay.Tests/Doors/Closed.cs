using System.Net.Sockets;
using System.Net.WebSockets;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Doors;

/// <summary>Connections that the relay ends.</summary>
internal static class Closed
{
    /// <summary>Reads to the end, whatever way it comes; a last word is allowed.</summary>
    public static async Task AssertClosedAsync(this Stream stream)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, Wait.Timeout) > 0)
            {
            }
        }
        catch (Exception error) when (error is IOException or SocketException or WebSocketException)
        {
            // Reset instead of closed.
        }
    }
}
