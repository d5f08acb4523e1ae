using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>A record is on the relay's disk: [1, offset, unixMs].</summary>
/// <param name="Offset">Its place in the channel.</param>
/// <param name="UnixMs">When the relay took it, in Unix milliseconds by the relay's clock.</param>
public sealed record ChannelAppended(ulong Offset, long UnixMs)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (appended, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteUInt64(appended.Offset);
        UnixTime.Write(ref writer, appended.UnixMs);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelAppended? appended)
    {
        var reader = new CborReader(data);
        appended = reader.TryReadArray(3)
            && reader.TryReadExpected(1)
            && reader.TryReadUInt64(out var offset)
            && UnixTime.TryRead(ref reader, out var unixMs)
            && reader.AtEnd
                ? new ChannelAppended(offset, unixMs)
                : null;
        return appended is not null;
    }
}
