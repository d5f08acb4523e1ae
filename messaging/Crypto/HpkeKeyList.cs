using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>An array of the points of HPKE keys, newest first.</summary>
internal static class HpkeKeyList
{
    public static void Write(ref CborWriter writer, IReadOnlyList<HpkePublicKey> keys, int maxCount)
    {
        writer.WriteArrayHead(keys.Count, maxCount);
        foreach (var key in keys)
        {
            writer.WriteBytes(key.Point);
        }
    }

    public static bool TryRead(ref CborReader reader, int maxCount, out HpkePublicKey[] keys)
    {
        keys = [];
        if (!reader.TryReadArrayHead(out var count, maxCount))
        {
            return false;
        }

        var read = count == 0 ? [] : new HpkePublicKey[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var point) || !HpkePublicKey.TryImport(point, out var key))
            {
                return false;
            }

            read[i] = key;
        }

        keys = read;
        return true;
    }
}
