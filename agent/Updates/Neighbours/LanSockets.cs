using System.Net;
using System.Net.Sockets;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// Sockets whose packets do not leave the link: datagrams end at the first router (a hop limit of 1); connections begin with 255 and take nothing that has less, which no router can forge (RFC 5082).
/// </summary>
internal static class LanSockets
{
    /// <summary>Of those that an organisation has for itself (RFC 2365), and of those that nobody has been assigned (RFC 4291, 2.7).</summary>
    private static readonly IPAddress GroupV4 = new([239, 255, 77, 83]);
    private static readonly IPAddress GroupV6 = IPAddress.Parse("ff12::4d53:474e");

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
    private const int OnlyV6 = 26;
    private const int AllGroupsV6 = 29;
    private const int LeastHopsV6 = 73;

    /// <summary>Where everybody on a link is asked.</summary>
    public static IPEndPoint Group(LanLink link, int port) => new(link.IsV6 ? new IPAddress(GroupV6.GetAddressBytes(), link.Index) : GroupV4, port);

    /// <summary>Hears what everybody on a link is asked, beside others on this machine that do.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static Socket Ear(LanLink link, int port) => Make(link, SocketType.Dgram, socket =>
    {
        // Two that share must both hear it; no other group that somebody here has joined comes to it.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Set(socket, link.IsV6 ? LevelV6 : LevelV4, link.IsV6 ? AllGroupsV6 : AllGroupsV4, 0);
        socket.Bind(Group(link, port));
        Span<byte> membership = stackalloc byte[20];
        membership.Clear();
        if (link.IsV6)
        {
            GroupV6.TryWriteBytes(membership, out _);
            BitConverter.TryWriteBytes(membership[16..], link.Index);
            socket.SetRawSocketOption(LevelV6, JoinV6, membership);
        }
        else
        {
            GroupV4.TryWriteBytes(membership, out _);
            BitConverter.TryWriteBytes(membership[8..], link.Index);
            socket.SetRawSocketOption(LevelV4, JoinV4, membership[..12]);
        }
    });

    /// <summary>Asks everybody on a link, hears answers, and gives them.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static Socket Mouth(LanLink link) => Make(link, SocketType.Dgram, socket =>
    {
        socket.Bind(new IPEndPoint(link.Address, 0));
        if (link.IsV6)
        {
            Set(socket, LevelV6, InterfaceV6, link.Index);
            Set(socket, LevelV6, GroupHopsV6, 1);
            Set(socket, LevelV6, HopsV6, 1);
            return;
        }

        Span<byte> from = stackalloc byte[12];
        from.Clear();
        BitConverter.TryWriteBytes(from[8..], link.Index);
        socket.SetRawSocketOption(LevelV4, InterfaceV4, from);
        Set(socket, LevelV4, GroupHopsV4, 1);
        Set(socket, LevelV4, HopsV4, 1);
    });

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
    public static async Task<Socket> ConnectAsync(LanLink link, IPEndPoint to, CancellationToken ct)
    {
        var socket = Make(link, SocketType.Stream, socket =>
        {
            StayOnLink(socket, link);
            socket.Bind(new IPEndPoint(link.Address, 0));
        });
        try
        {
            await socket.ConnectAsync(to, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Listen(LanLink link, int port, int backlog) => Make(link, SocketType.Stream, socket =>
    {
        StayOnLink(socket, link);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(link.Address, port));
        socket.Listen(backlog);
    });

    private static void StayOnLink(Socket socket, LanLink link)
    {
        Set(socket, link.IsV6 ? LevelV6 : LevelV4, link.IsV6 ? HopsV6 : HopsV4, AnyHops);
        Set(socket, link.IsV6 ? LevelV6 : LevelV4, link.IsV6 ? LeastHopsV6 : LeastHopsV4, AnyHops);
    }

    private static Socket Make(LanLink link, SocketType type, Action<Socket> prepare)
    {
        var socket = new Socket(link.Address.AddressFamily, type, ProtocolType.Unspecified);
        try
        {
            if (link.IsV6)
            {
                Set(socket, LevelV6, OnlyV6, 1);
            }

            prepare(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Set(Socket socket, int level, int option, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BitConverter.TryWriteBytes(bytes, value);
        socket.SetRawSocketOption(level, option, bytes);
    }
}
