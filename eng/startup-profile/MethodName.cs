namespace Messaging.StartupProfile;

/// <summary>A method as the JIT prints it: <c>TYPE:NAME[ARGUMENTS](PARAMETERS)</c>.</summary>
internal sealed record MethodName(TypeName Type, string Name, IReadOnlyList<TypeName> Arguments, IReadOnlyList<string> Parameters)
{
    public static MethodName? Parse(ReadOnlySpan<char> text)
    {
        var colon = IndexOutsideOfBrackets(text, ':');
        var open = text.LastIndexOf('(');
        if (colon <= 0 || open < colon || text[^1] != ')')
        {
            return null;
        }

        var owner = text[..colon];
        var name = text[(colon + 1)..open];
        List<TypeName> arguments = [];

        // Names of explicit implementations may hold brackets too, in angle brackets: they are left out.
        if (name is [.., ']'] && name.IndexOf('[') is > 0 and var bracket && name.IndexOf('<') is var angle && (angle < 0 || angle > bracket || name[..bracket].Contains('>')))
        {
            var list = name[bracket..];
            if (!TypeName.TryReadList(ref list, arguments))
            {
                return null;
            }

            name = name[..bracket];
        }

        return TypeName.TryRead(ref owner, out var type) && owner.IsEmpty
            ? new MethodName(type, name.ToString(), arguments, Split(text[(open + 1)..^1]))
            : null;
    }

    private static List<string> Split(ReadOnlySpan<char> text)
    {
        List<string> parts = [];
        while (!text.IsEmpty)
        {
            var comma = IndexOutsideOfBrackets(text, ',');
            parts.Add((comma < 0 ? text : text[..comma]).ToString());
            text = comma < 0 ? default : text[(comma + 1)..];
        }

        return parts;
    }

    private static int IndexOutsideOfBrackets(ReadOnlySpan<char> text, char wanted)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth == 0 && text[i] == wanted)
            {
                return i;
            }
        }

        return -1;
    }
}
