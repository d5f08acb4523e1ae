namespace Messaging.Wire;

/// <summary>Somebody who is in a channel: [name, info, sinceMs].</summary>
/// <param name="Name">What it calls itself, 1 to 64 bytes. The relay compares it and does not look into it.</param>
/// <param name="Info">What it says of itself, at most 512 bytes. The relay does not look into it.</param>
/// <param name="SinceMs">When it came, in Unix milliseconds by the relay's clock.</param>
public sealed record ChannelMember(byte[] Name, byte[] Info, long SinceMs)
{
    /// <summary>Bytes of a name, at most.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>Bytes of what a member says of itself, at most.</summary>
    public const int MaxInfoBytes = 512;

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(3);
        writer.WriteBytes(Name);
        writer.WriteBytes(Info);
        UnixTime.Write(ref writer, SinceMs);
    }

    internal static ChannelMember? Read(ref CborReader reader) =>
        reader.TryReadArray(3)
        && reader.TryReadBytes(out var name, MaxNameBytes)
        && !name.IsEmpty
        && reader.TryReadBytes(out var info, MaxInfoBytes)
        && UnixTime.TryRead(ref reader, out var sinceMs)
            ? new ChannelMember(name.ToArray(), info.ToArray(), sinceMs)
            : null;
}
