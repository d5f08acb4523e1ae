namespace Messaging.Relay.Legacy;

/// <summary>Who an event is for: nobody named is everybody, a name is that agent alone, and a * stands for any characters, also for none.</summary>
internal static class AddressPattern
{
    private const char Any = '*';

    /// <summary>Whether an event to <paramref name="to"/> is for an agent. Takes time in proportion to both lengths added.</summary>
    public static bool IsFor(string? to, string agent)
    {
        if (string.IsNullOrEmpty(to) || to == agent)
        {
            return true;
        }

        return to.Length <= LegacyLimits.Address && to.Contains(Any, StringComparison.Ordinal) && Matches(to, agent);
    }

    /// <summary>What is before the first star must begin the name, what is after the last must end it, and the rest comes between, each as early as it can.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var first = pattern.IndexOf(Any);
        var last = pattern.LastIndexOf(Any);
        var head = pattern[..first];
        var tail = pattern[(last + 1)..];
        if (name.Length < head.Length + tail.Length || !name.StartsWith(head, StringComparison.Ordinal) || !name.EndsWith(tail, StringComparison.Ordinal))
        {
            return false;
        }

        name = name[head.Length..^tail.Length];
        pattern = pattern[first..last];
        Span<int> borders = stackalloc int[LegacyLimits.Address];
        foreach (var range in pattern.Split(Any))
        {
            var end = EndOf(pattern[range], name, borders);
            if (end < 0)
            {
                return false;
            }

            name = name[end..];
        }

        return true;
    }

    /// <summary>Where the first occurrence of a part ends (Knuth, Morris, Pratt); -1: there is none.</summary>
    private static int EndOf(ReadOnlySpan<char> part, ReadOnlySpan<char> text, Span<int> borders)
    {
        if (part.IsEmpty)
        {
            return 0;
        }

        borders[0] = 0;
        for (var i = 1; i < part.Length; i++)
        {
            borders[i] = Extend(part, borders, borders[i - 1], part[i]);
        }

        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            length = Extend(part, borders, length, text[i]);
            if (length == part.Length)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>How much of the part's beginning is read after one more character.</summary>
    private static int Extend(ReadOnlySpan<char> part, ReadOnlySpan<int> borders, int length, char next)
    {
        while (length > 0 && part[length] != next)
        {
            length = borders[length - 1];
        }

        return part[length] == next ? length + 1 : 0;
    }
}
