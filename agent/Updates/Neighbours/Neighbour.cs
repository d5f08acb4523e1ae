using System.Net;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>Who says that it has an artifact.</summary>
/// <param name="link">The network that it is on.</param>
/// <param name="endPoint">Where it gives it.</param>
internal sealed class Neighbour(LanLink link, IPEndPoint endPoint)
{
    public LanLink Link => link;

    public IPEndPoint EndPoint => endPoint;
}
