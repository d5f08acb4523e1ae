namespace Messaging.Wire;

/// <summary>One record of a channel, as a relay gives it: [offset, unixMs, body].</summary>
/// <param name="Offset">Its place in the channel; the first is 0.</param>
/// <param name="UnixMs">When the relay took it, in Unix milliseconds by the relay's clock. It never falls from one record to the next.</param>
/// <param name="Body">What was appended, 1 to 262,144 bytes. The relay cannot open it.</param>
public sealed record ChannelRecord(ulong Offset, long UnixMs, byte[] Body)
{
    /// <summary>Bytes of a record, at most.</summary>
    public const int MaxBytes = WireLimits.MaxFrameBytes;

    /// <summary>Bytes of the wire form around the body, at most.</summary>
    public const int MaxOverhead = 1 + 9 + 9 + 5;

    /// <summary>Writes the wire form.</summary>
    public void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(Offset);
        UnixTime.Write(ref writer, UnixMs);
        writer.WriteBytes(Body);
    }

    internal static ChannelRecord? Read(ref CborReader reader) =>
        reader.TryReadArray(3)
        && reader.TryReadUInt64(out var offset)
        && UnixTime.TryRead(ref reader, out var unixMs)
        && reader.TryReadBytes(out var body, MaxBytes)
        && !body.IsEmpty
            ? new ChannelRecord(offset, unixMs, body.ToArray())
            : null;
}
