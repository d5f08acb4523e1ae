namespace Messaging.Wire;

/// <summary>Names with values as a flat array [k, v, ...]: maps are for COSE headers only.</summary>
internal static class StringPairs
{
    public const int MaxPairs = 64;
    public const int MaxKeyBytes = 256;
    public const int MaxValueBytes = 4096;

    public static void Write(ref CborWriter writer, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        writer.WriteArrayHead(2 * pairs.Count, 2 * MaxPairs);
        foreach (var (key, value) in pairs)
        {
            writer.WriteText(key, MaxKeyBytes);
            writer.WriteText(value, MaxValueBytes);
        }
    }

    public static bool TryRead(ref CborReader reader, out KeyValuePair<string, string>[] pairs)
    {
        pairs = [];
        if (!reader.TryReadArrayHead(out var count, 2 * MaxPairs) || count % 2 != 0)
        {
            return false;
        }

        var read = count == 0 ? [] : new KeyValuePair<string, string>[count / 2];
        for (var i = 0; i < read.Length; i++)
        {
            if (!reader.TryReadText(out var key, MaxKeyBytes) || !reader.TryReadText(out var value, MaxValueBytes))
            {
                return false;
            }

            read[i] = new KeyValuePair<string, string>(key, value);
        }

        pairs = read;
        return true;
    }
}
