using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>What a device has seen of a server's log: [logId, number, hash].</summary>
/// <param name="logId">The log.</param>
/// <param name="number">The highest number that the server has shown.</param>
/// <param name="hash">The hash of that entry.</param>
public sealed class Witnessed(ChainId logId, long number, byte[] hash)
{
    /// <summary>The log.</summary>
    public ChainId LogId { get; } = logId;

    /// <summary>The highest number that the server has shown.</summary>
    public long Number { get; } = number;

    /// <summary>The hash of that entry.</summary>
    public byte[] Hash { get; } = hash;

    internal static bool TryRead(ref CborReader reader, out Witnessed? witnessed)
    {
        witnessed = null;
        if (!reader.TryReadArray(3)
            || !ChainId.TryRead(ref reader, out var logId)
            || !reader.TryReadUInt64(out var number, long.MaxValue)
            || number == 0
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash))
        {
            return false;
        }

        witnessed = new Witnessed(logId, (long)number, hash.ToArray());
        return true;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(3);
        LogId.Write(ref writer);
        writer.WriteUInt64((ulong)Number);
        writer.WriteBytes(Hash);
    }
}
