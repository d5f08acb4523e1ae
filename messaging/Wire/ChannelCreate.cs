using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Makes a channel at a relay: [1, accessHash, descriptor].</summary>
/// <param name="AccessHash">SHA-256 of the secret that opens the channel (32 bytes): the relay need not know the secret before it is shown.</param>
/// <param name="Descriptor">What joining needs to know, for everybody to read. At most <see cref="MaxDescriptorBytes"/>; the relay does not look into it.</param>
public sealed record ChannelCreate(byte[] AccessHash, byte[] Descriptor)
{
    /// <summary>Bytes of a descriptor, at most.</summary>
    public const int MaxDescriptorBytes = 4096;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (create, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteBytes(create.AccessHash);
        writer.WriteBytes(create.Descriptor);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelCreate? create)
    {
        create = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash)
            || !reader.TryReadBytes(out var descriptor, MaxDescriptorBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        create = new ChannelCreate(hash.ToArray(), descriptor.ToArray());
        return true;
    }
}
