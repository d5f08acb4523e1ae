using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>"Somebody looks at your measurements: send them soon, for a while": [1, forMs].</summary>
/// <param name="Duration">How long, whole milliseconds; at most <see cref="Longest"/>. Told again as long as somebody looks.</param>
public readonly record struct Watch(TimeSpan Duration)
{
    /// <summary>The longest duration.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>The wire form.</summary>
    public byte[] Encode()
    {
        if (Duration < TimeSpan.Zero || Duration > Longest)
        {
            throw new InvalidOperationException($"A watch lasts at most {Longest}.");
        }

        return MessageBuffer.Write((ulong)Duration.TotalMilliseconds, static (milliseconds, ref writer) =>
        {
            writer.WriteArrayHead(2);
            writer.WriteUInt64(1);
            writer.WriteUInt64(milliseconds);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out Watch watch)
    {
        var reader = new CborReader(data);
        var ok = reader.TryReadArray(2) && reader.TryReadExpected(1);
        ok = reader.TryReadUInt64(out var milliseconds, (ulong)Longest.TotalMilliseconds) && ok && reader.AtEnd;
        watch = ok ? new Watch(TimeSpan.FromMilliseconds(milliseconds)) : default;
        return ok;
    }
}
