namespace Messaging.Wire;

/// <summary>Facts: [[name, text]...].</summary>
internal static class NamedTexts
{
    public const int MaxNameBytes = 128;
    public const int MaxTextBytes = 1024;

    public static void Write(ref CborWriter writer, IReadOnlyList<KeyValuePair<string, string>> facts, int maxCount)
    {
        writer.WriteArrayHead(facts.Count, maxCount);
        foreach (var (name, text) in facts)
        {
            writer.WriteArrayHead(2);
            writer.WriteText(name, MaxNameBytes);
            writer.WriteText(text, MaxTextBytes);
        }
    }

    public static bool TryRead(ref CborReader reader, int maxCount, out KeyValuePair<string, string>[] facts)
    {
        facts = [];
        if (!reader.TryReadArrayHead(out var count, maxCount))
        {
            return false;
        }

        var read = new KeyValuePair<string, string>[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2) || !reader.TryReadText(out var name, MaxNameBytes) || !reader.TryReadText(out var text, MaxTextBytes))
            {
                return false;
            }

            read[i] = new KeyValuePair<string, string>(name, text);
        }

        facts = read;
        return true;
    }
}
