using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>The relay says that a principal came or went: [1, connected, connectionNo, unixMs, transport].</summary>
/// <param name="Connected">True when it came.</param>
/// <param name="ConnectionNo">The number of the connection at this relay: an end belongs to the beginning with the same number.</param>
/// <param name="UnixMs">The relay's time, in Unix milliseconds.</param>
/// <param name="Transport">"mqtt5" or "mqtt3.1.1", then "+tls" and "+ws" where they apply. At most 32 bytes.</param>
public sealed record PresenceEvent(bool Connected, ulong ConnectionNo, long UnixMs, string Transport)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (presence, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        writer.WriteBoolean(presence.Connected);
        writer.WriteUInt64(presence.ConnectionNo);
        UnixTime.Write(ref writer, presence.UnixMs);
        writer.WriteText(presence.Transport, 32);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PresenceEvent? presence)
    {
        presence = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !reader.TryReadBoolean(out var connected)
            || !reader.TryReadUInt64(out var number)
            || !UnixTime.TryRead(ref reader, out var unixMs)
            || !reader.TryReadText(out var transport, 32)
            || !reader.AtEnd)
        {
            return false;
        }

        presence = new PresenceEvent(connected, number, unixMs, transport);
        return true;
    }
}
