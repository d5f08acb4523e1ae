namespace Messaging.StartupProfile;

/// <summary>A type as the JIT prints it: <c>System.Collections.Generic.Dictionary`2[System.__Canon,int]</c>.</summary>
/// <param name="Name">Namespace and name, nested types after a plus.</param>
/// <param name="Arguments">Of the whole chain of nested types.</param>
/// <param name="Ranks">Of arrays, innermost first.</param>
internal sealed record TypeName(string Name, IReadOnlyList<TypeName> Arguments, IReadOnlyList<int> Ranks)
{
    /// <summary>Reads a type; false where the text is no type.</summary>
    public static bool TryRead(ref ReadOnlySpan<char> text, out TypeName type)
    {
        type = null!;
        var end = text.IndexOfAny('[', ']', ',');
        var name = (end < 0 ? text : text[..end]).ToString();
        text = end < 0 ? default : text[end..];
        List<TypeName> arguments = [];
        List<int> ranks = [];
        while (text is ['[', ..])
        {
            var rank = text[1..].IndexOfAnyExcept(',') + 1;
            if (rank > 0 && text.Length > rank && text[rank] == ']')
            {
                ranks.Add(rank);
                text = text[(rank + 1)..];
            }
            else if (arguments.Count > 0 || !TryReadList(ref text, arguments))
            {
                return false;
            }
        }

        type = new TypeName(name, arguments, ranks);
        return name.Length > 0;
    }

    /// <summary>Reads <c>[A,B]</c>.</summary>
    public static bool TryReadList(ref ReadOnlySpan<char> text, List<TypeName> types)
    {
        do
        {
            text = text[1..];
            if (!TryRead(ref text, out var type))
            {
                return false;
            }

            types.Add(type);
        }
        while (text is [',', ..]);

        if (text is not [']', ..])
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
