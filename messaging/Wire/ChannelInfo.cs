using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>What a relay says of a channel: [1, descriptor, createdMs, first / null, next / null].</summary>
/// <param name="Descriptor">As it was made.</param>
/// <param name="CreatedMs">When it was made, in Unix milliseconds by the relay's clock.</param>
/// <param name="First">Offset of the oldest record that is kept; null to who has not shown the channel's secret.</param>
/// <param name="Next">Offset that the next record gets; null with <paramref name="First"/>.</param>
public sealed record ChannelInfo(byte[] Descriptor, long CreatedMs, ulong? First, ulong? Next)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (info, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteBytes(info.Descriptor);
        UnixTime.Write(ref writer, info.CreatedMs);
        writer.WriteUInt64OrNull(info.First);
        writer.WriteUInt64OrNull(info.Next);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelInfo? info)
    {
        info = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadBytes(out var descriptor, ChannelCreate.MaxDescriptorBytes)
            || !UnixTime.TryRead(ref reader, out var createdMs))
        {
            return false;
        }

        if (reader.TryReadNull())
        {
            info = reader.TryReadNull() && reader.AtEnd ? new ChannelInfo(descriptor.ToArray(), createdMs, null, null) : null;
        }
        else if (reader.TryReadUInt64(out var first) && reader.TryReadUInt64(out var next) && first <= next && reader.AtEnd)
        {
            info = new ChannelInfo(descriptor.ToArray(), createdMs, first, next);
        }

        return info is not null;
    }
}
