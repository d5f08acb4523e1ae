using System.Net;
using System.Net.Sockets;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>What is open on one network for those who ask.</summary>
internal sealed class LinkShare : IDisposable
{
    /// <exception cref="SocketException">It cannot be opened.</exception>
    public LinkShare(LanLink link, int port)
    {
        Link = link;
        Ear = LanSockets.Ear(link, port);
        try
        {
            Mouth = LanSockets.Mouth(link);
            Listener = LanSockets.Listener(link, port, ShareSlots.MostConnections);
        }
        catch
        {
            Mouth?.Dispose();
            Ear.Dispose();
            throw;
        }

        Port = ((IPEndPoint)Listener.LocalEndPoint!).Port;
    }

    public LanLink Link { get; }

    /// <summary>Hears questions.</summary>
    public Socket Ear { get; }

    /// <summary>Answers them.</summary>
    public Socket Mouth { get; }

    /// <summary>Takes who wants an artifact.</summary>
    public Socket Listener { get; }

    public int Port { get; }

    public void Dispose()
    {
        Ear.Dispose();
        Mouth.Dispose();
        Listener.Dispose();
    }
}
