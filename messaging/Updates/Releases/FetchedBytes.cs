using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Updates.Releases;

/// <summary>
/// From whom the bytes of an update came, with those that were wrong and came again: [neighbours, mirrors, homes], each a number of bytes of at most 2^53 - 1, not all 0. Metadata are not counted.
/// </summary>
/// <param name="Neighbours">Devices on the same local network.</param>
/// <param name="Mirrors">Those of the assignment and of the device's configuration.</param>
/// <param name="Homes">The fleet's servers.</param>
public sealed record FetchedBytes(long Neighbours, long Mirrors, long Homes)
{
    /// <summary>Nothing came yet.</summary>
    public static FetchedBytes None { get; } = new(0, 0, 0);

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)Neighbours);
        writer.WriteUInt64((ulong)Mirrors);
        writer.WriteUInt64((ulong)Homes);
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out FetchedBytes? fetched)
    {
        fetched = null;
        if (!reader.TryReadArray(3)
            || !reader.TryReadUInt64(out var neighbours, TufLimits.MaxInteger)
            || !reader.TryReadUInt64(out var mirrors, TufLimits.MaxInteger)
            || !reader.TryReadUInt64(out var homes, TufLimits.MaxInteger)
            || (neighbours | mirrors | homes) == 0)
        {
            return false;
        }

        fetched = new FetchedBytes((long)neighbours, (long)mirrors, (long)homes);
        return true;
    }
}
