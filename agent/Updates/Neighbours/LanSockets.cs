using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// Sockets whose packets do not leave the link: datagrams end at the first router (a hop limit of 1); connections begin with 255 and take nothing that has less, which no router can forge (RFC 5082).
/// </summary>
internal static class LanSockets
{
    /// <summary>Of those that an organisation has for itself (RFC 2365), and of those that nobody has been assigned (RFC 4291, 2.7).</summary>
    private static readonly IPAddress GroupV4 = new([239, 255, 77, 83]);
    private static readonly IPAddress GroupV6 = IPAddress.Parse("ff12::4d53:474e");

    private const int OneHop = 1;
    private const int AnyHops = 255;
    private const int LevelV4 = 0;
    private const int LevelV6 = 41;

    // ip(7) and ipv6(7): IP_TTL, IP_MINTTL, IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_ADD_MEMBERSHIP, IP_MULTICAST_ALL; IPV6_UNICAST_HOPS and so on.
    private const int HopsV4 = 2;
    private const int LeastHopsV4 = 21;
    private const int InterfaceV4 = 32;
    private const int GroupHopsV4 = 33;
    private const int JoinV4 = 35;
    private const int AllGroupsV4 = 49;
    private const int HopsV6 = 16;
    private const int InterfaceV6 = 17;
    private const int GroupHopsV6 = 18;
    private const int JoinV6 = 20;
    private const int AllGroupsV6 = 29;
    private const int LeastHopsV6 = 73;

    /// <summary>Where everybody on a link is asked.</summary>
    public static IPEndPoint Group(LanLink link, int port) => new(link.IsV6 ? new IPAddress(GroupV6.GetAddressBytes(), link.Index) : GroupV4, port);

    /// <summary>Hears what everybody on a link is asked, beside others on this machine that do.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static Socket Ear(LanLink link, int port)
    {
        var socket = Make(link, SocketType.Dgram);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(Group(link, port));
            Choose(socket, link, JoinV4, JoinV6, isGroup: true);
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks everybody on a link, hears answers, and gives them.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static Socket Mouth(LanLink link)
    {
        var socket = Make(link, SocketType.Dgram);
        try
        {
            socket.Bind(new IPEndPoint(link.Address, 0));
            Choose(socket, link, InterfaceV4, InterfaceV6, isGroup: false);
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Which interface groups are joined and asked on: struct ip_mreqn, struct ipv6_mreq or the number alone.</summary>
    private static void Choose(Socket socket, LanLink link, int optionV4, int optionV6, bool isGroup)
    {
        Span<byte> choice = stackalloc byte[20];
        choice.Clear();
        if (isGroup)
        {
            Group(link, 0).Address.TryWriteBytes(choice, out _);
        }

        BitConverter.TryWriteBytes(choice[(link.IsV6 ? 16 : 8)..], link.Index);
        socket.SetRawSocketOption(link.IsV6 ? LevelV6 : LevelV4, link.IsV6 ? optionV6 : optionV4, !link.IsV6 ? choice[..12] : isGroup ? choice : choice[16..]);
    }

    /// <summary>A datagram, as far as there is room for it, and where it came from.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    public static int Receive(Socket socket, LanLink link, Span<byte> word, out IPEndPoint from)
    {
        var address = new SocketAddress(link.Address.AddressFamily);
        var read = socket.ReceiveFrom(word, SocketFlags.None, address);
        from = (IPEndPoint)Group(link, 0).Create(address);
        return read;
    }

    /// <summary>Takes connections at a port, or at any where somebody else has it.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static Socket Listener(LanLink link, int port, int backlog)
    {
        try
        {
            return Listen(link, port, backlog);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return Listen(link, 0, backlog);
        }
    }

    /// <summary>Connects to who is on a link.</summary>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    public static async ValueTask<Stream> ConnectAsync(Neighbour neighbour, CancellationToken ct)
    {
        var socket = Make(neighbour.Link, SocketType.Stream);
        try
        {
            socket.Bind(new IPEndPoint(neighbour.Link.Address, 0));
            await socket.ConnectAsync(neighbour.EndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What does not get there is like a packet that is lost.</summary>
    public static void TrySend(Socket socket, byte[] word, IPEndPoint to)
    {
        try
        {
            socket.SendTo(word, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            // A cable that is not plugged in, or a queue that is full.
        }
    }

    private static Socket Listen(LanLink link, int port, int backlog)
    {
        var socket = Make(link, SocketType.Stream);
        try
        {
            socket.Bind(new IPEndPoint(link.Address, port));
            socket.Listen(backlog);
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Make(LanLink link, SocketType type)
    {
        var socket = new Socket(link.Address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            if (type == SocketType.Dgram)
            {
                Set(socket, link, HopsV4, HopsV6, OneHop);
                Set(socket, link, GroupHopsV4, GroupHopsV6, OneHop);
                Set(socket, link, AllGroupsV4, AllGroupsV6, 0);
            }
            else
            {
                Set(socket, link, HopsV4, HopsV6, AnyHops);
                Set(socket, link, LeastHopsV4, LeastHopsV6, AnyHops);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Set(Socket socket, LanLink link, int optionV4, int optionV6, int value) =>
        socket.SetRawSocketOption(link.IsV6 ? LevelV6 : LevelV4, link.IsV6 ? optionV6 : optionV4, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
}
