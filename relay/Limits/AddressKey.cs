using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Messaging.Relay.Limits;

/// <summary>
/// What counts as one address: an IPv4 address, or the /64 of an IPv6 address, because one host owns a whole /64
/// and could otherwise take as many addresses as it likes.
/// </summary>
public readonly record struct AddressKey(ulong Value, bool IsIPv6)
{
    /// <summary>Bytes of its stored form.</summary>
    public const int Size = 9;

    /// <summary>Reads what <see cref="CopyTo"/> wrote; null: it did not.</summary>
    public static AddressKey? Read(ReadOnlySpan<byte> stored) =>
        stored.Length == Size ? new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(stored[1..]), stored[0] != 0) : null;

    /// <summary>The key of an address; null: there is none.</summary>
    public static AddressKey? Of(IPAddress? address) => address is null ? null : Of(new IPEndPoint(address, 0));

    /// <summary>The key of an end point, or null where there is no address to count (a Unix socket).</summary>
    public static AddressKey? Of(EndPoint? endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address })
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out _))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new AddressKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsIPv6: true)
            : new AddressKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsIPv6: false);
    }

    /// <summary>Writes it to be stored, in <see cref="Size"/> bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        destination[0] = IsIPv6 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], Value);
    }
}
