namespace Messaging.Wire;

/// <summary>An array of text strings.</summary>
internal static class TextList
{
    public static void Write(ref CborWriter writer, IReadOnlyList<string> texts, int maxCount, int maxBytes)
    {
        writer.WriteArrayHead(texts.Count, maxCount);
        foreach (var text in texts)
        {
            writer.WriteText(text, maxBytes);
        }
    }

    public static bool TryRead(ref CborReader reader, int maxCount, int maxBytes, out string[] texts)
    {
        texts = [];
        if (!reader.TryReadArrayHead(out var count, maxCount))
        {
            return false;
        }

        var read = count == 0 ? [] : new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadText(out var text, maxBytes))
            {
                return false;
            }

            read[i] = text;
        }

        texts = read;
        return true;
    }
}
