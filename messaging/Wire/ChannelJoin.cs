using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Says that a connection is a member of its channel: [1, name, info].</summary>
/// <param name="Name">What it calls itself, 1 to 64 bytes.</param>
/// <param name="Info">What it says of itself, at most 512 bytes.</param>
public sealed record ChannelJoin(byte[] Name, byte[] Info)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (join, ref writer) => join.Write(ref writer));

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelJoin? join)
    {
        var reader = new CborReader(data);
        join = Read(ref reader);
        join = reader.AtEnd ? join : null;
        return join is not null;
    }

    private static ChannelJoin? Read(ref CborReader reader) =>
        reader.TryReadArray(3)
        && reader.TryReadExpected(1)
        && reader.TryReadBytes(out var name, ChannelMember.MaxNameBytes)
        && !name.IsEmpty
        && reader.TryReadBytes(out var info, ChannelMember.MaxInfoBytes)
            ? new ChannelJoin(name.ToArray(), info.ToArray())
            : null;

    private void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteBytes(Name);
        writer.WriteBytes(Info);
    }
}
