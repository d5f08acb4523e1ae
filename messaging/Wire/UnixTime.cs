namespace Messaging.Wire;

/// <summary>Times on the wire are unsigned and end with the year 9999, so that every language can turn them into its own date.</summary>
internal static class UnixTime
{
    public const long MaxSeconds = 253_402_300_799;
    public const long MaxMilliseconds = (MaxSeconds * 1000) + 999;

    public static bool TryRead(ref CborReader reader, out long unixMs)
    {
        var ok = reader.TryReadUInt64(out var value, MaxMilliseconds);
        unixMs = ok ? (long)value : 0;
        return ok;
    }

    public static bool TryReadOrNull(ref CborReader reader, out long? unixMs)
    {
        unixMs = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!TryRead(ref reader, out var value))
        {
            return false;
        }

        unixMs = value;
        return true;
    }

    public static void Write(ref CborWriter writer, long unixMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unixMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unixMs, MaxMilliseconds);
        writer.WriteUInt64((ulong)unixMs);
    }

    public static void WriteOrNull(ref CborWriter writer, long? unixMs)
    {
        if (unixMs is { } value)
        {
            Write(ref writer, value);
        }
        else
        {
            writer.WriteNull();
        }
    }
}
