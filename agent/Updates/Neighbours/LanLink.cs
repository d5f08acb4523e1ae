using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>An address of this device on a local network, and who else is on it without a router in between.</summary>
/// <param name="name">The interface.</param>
/// <param name="index">Its number.</param>
/// <param name="address">IPv4, or the link-local address of IPv6.</param>
/// <param name="mask">IPv4: the bits that its neighbours have in common with it.</param>
internal sealed class LanLink(string name, int index, IPAddress address, uint mask)
{
    public string Name => name;

    public int Index => index;

    public IPAddress Address => address;

    public uint Mask => mask;

    public bool IsV6 => address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether an address is on it.</summary>
    public bool Has(IPAddress other)
    {
        if (other.AddressFamily != address.AddressFamily)
        {
            return false;
        }

        return IsV6
            ? other.IsIPv6LinkLocal && other.ScopeId == index
            : IsPrivate(other) && ((Bits(other) ^ Bits(address)) & mask) == 0 && Bits(other) != (Bits(address) | ~mask);
    }

    /// <summary>Whether it is the same, with the same neighbours.</summary>
    public bool Is(LanLink other) => index == other.Index && mask == other.Mask && address.Equals(other.Address);

    public override string ToString() => string.Concat(name, " ", address.ToString());

    /// <summary>Of those that no router of the Internet carries (RFC 1918, RFC 3927), or this machine alone.</summary>
    public static bool IsPrivate(IPAddress address) => (Bits(address) >> 24, Bits(address) >> 16) switch
    {
        (10 or 127, _) or (_, 0xC0A8 or 0xA9FE) or (_, >= 0xAC10 and <= 0xAC1F) => true,
        _ => false,
    };

    private static uint Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        _ = address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
