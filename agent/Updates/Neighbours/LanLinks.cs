using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// The local networks that this device is on now (getifaddrs(3)): interfaces that are up, know multicast and are no tunnel, with a private address; or those that are named, whatever they are.
/// </summary>
internal static unsafe partial class LanLinks
{
    /// <summary>More are not looked at.</summary>
    public const int Most = 8;

    private const uint Up = 0x1;
    private const uint Loopback = 0x8;
    private const uint PointToPoint = 0x10;
    private const uint NoArp = 0x80;
    private const uint Multicast = 0x1000;
    private const ushort V4 = 2;
    private const ushort V6 = 10;

    /// <param name="names">Interfaces; empty: those that look like a local network.</param>
    /// <exception cref="SocketException">The kernel does not say.</exception>
    public static List<LanLink> Find(IReadOnlyList<string> names)
    {
        if (GetAddresses(out var first) != 0)
        {
            throw new SocketException();
        }

        try
        {
            var links = new List<LanLink>();
            for (var one = first; one is not null && links.Count < Most; one = one->Next)
            {
                if (one->Address is not null && Marshal.PtrToStringUTF8((nint)one->Name) is { } name && IsWanted(name, one->Flags, names) && Read(name, one) is { } link)
                {
                    links.Add(link);
                }
            }

            return links;
        }
        finally
        {
            FreeAddresses(first);
        }
    }

    /// <summary>Whether an interface is one of those.</summary>
    internal static bool IsWanted(string name, uint flags, IReadOnlyList<string> names)
    {
        if ((flags & Up) == 0)
        {
            return false;
        }

        foreach (var one in names)
        {
            if (one == name)
            {
                return true;
            }
        }

        return names.Count == 0 && (flags & (Loopback | PointToPoint | NoArp | Multicast)) == Multicast;
    }

    private static LanLink? Read(string name, InterfaceAddress* one)
    {
        switch (*(ushort*)one->Address)
        {
            case V4 when one->Mask is not null:
                var address = new IPAddress(new ReadOnlySpan<byte>(one->Address + 4, 4));
                return LanLink.IsPrivate(address)
                    ? new LanLink(name, (int)IndexOf(one->Name), address, BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(one->Mask + 4, 4)))
                    : null;
            case V6:
                var index = *(uint*)(one->Address + 24);
                var found = new IPAddress(new ReadOnlySpan<byte>(one->Address + 8, 16), index);
                return found.IsIPv6LinkLocal && index != 0 ? new LanLink(name, (int)index, found, 0) : null;
            default:
                return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getifaddrs", SetLastError = true)]
    private static partial int GetAddresses(out InterfaceAddress* first);

    [LibraryImport("libc", EntryPoint = "freeifaddrs")]
    private static partial void FreeAddresses(InterfaceAddress* first);

    [LibraryImport("libc", EntryPoint = "if_nametoindex")]
    private static partial uint IndexOf(byte* name);

    /// <summary>struct ifaddrs; what follows is not read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct InterfaceAddress
    {
        public InterfaceAddress* Next;
        public byte* Name;
        public uint Flags;
        public byte* Address;
        public byte* Mask;
    }
}
