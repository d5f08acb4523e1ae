namespace Messaging.Wire;

/// <summary>An array of SHA-256 digests.</summary>
internal static class HashList
{
    public static void Write(ref CborWriter writer, IReadOnlyList<byte[]> hashes, int maxCount)
    {
        writer.WriteArrayHead(hashes.Count, maxCount);
        foreach (var hash in hashes)
        {
            writer.WriteBytes(hash);
        }
    }

    public static bool TryRead(ref CborReader reader, int maxCount, out byte[][] hashes)
    {
        hashes = [];
        if (!reader.TryReadArrayHead(out var count, maxCount))
        {
            return false;
        }

        var read = count == 0 ? [] : new byte[count][];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash))
            {
                return false;
            }

            read[i] = hash.ToArray();
        }

        hashes = read;
        return true;
    }
}
