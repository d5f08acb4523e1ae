using System.Text;

namespace Messaging.Agent.Local;

/// <summary>Splits lines at blanks; quotes hold together, and within them <c>\"</c>, <c>\\</c>, <c>\n</c> and <c>\t</c> stand for one character.</summary>
internal static class LineTokens
{
    private const int MaxTokens = 80;

    public static bool TrySplit(string line, out LineToken[] tokens, out string problem)
    {
        var found = new List<LineToken>();
        tokens = [];
        problem = "";
        var at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            if (at == line.Length)
            {
                tokens = [.. found];
                return true;
            }

            if (found.Count == MaxTokens)
            {
                problem = $"more than {MaxTokens} words";
                return false;
            }

            if (!TryRead(line, ref at, out var token))
            {
                problem = "a quote is not closed, or a \\ stands before what it may not";
                return false;
            }

            found.Add(token);
        }
    }

    /// <summary>As <see cref="TrySplit"/> reads it back as one word.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or '\u007f' => " ",
                _ => c,
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool TryRead(string line, ref int at, out LineToken token)
    {
        var text = new StringBuilder();
        var (key, isQuoted) = ((int?)null, false);
        token = default;
        for (; at < line.Length && (isQuoted || line[at] is not (' ' or '\t')); at++)
        {
            var c = line[at];
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == '\\' && isQuoted)
            {
                at++;
                if (at == line.Length || Unescape(line[at]) is not { } escaped)
                {
                    return false;
                }

                text.Append(escaped);
            }
            else
            {
                if (c == '=' && !isQuoted)
                {
                    key ??= text.Length;
                }

                text.Append(c);
            }
        }

        var read = text.ToString();
        token = new LineToken(read, key is { } length ? read[..length] : null);
        return !isQuoted;
    }

    private static char? Unescape(char c) => c switch
    {
        '"' or '\\' => c,
        'n' => '\n',
        't' => '\t',
        _ => null,
    };
}
