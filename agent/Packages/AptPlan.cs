namespace Messaging.Agent.Packages;

/// <summary>What <c>apt-get -s</c> says that it would do. Pure.</summary>
internal static class AptPlan
{
    /// <param name="output">Its standard output, in the locale C.</param>
    public static IReadOnlyList<PackageChange> Parse(string output)
    {
        var changes = new List<PackageChange>();
        foreach (var line in output.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 3)
            {
                continue;
            }

            // Inst NAME [OLD] (NEW SOURCE [ARCH]); Remv NAME [OLD]
            var old = words[2].StartsWith('[') ? words[2].Trim('[', ']') : null;
            if (words[0] == "Inst" && words.Length > 3 && words[old is null ? 2 : 3] is ['(', .. var version])
            {
                changes.Add(new PackageChange(words[1], old, version.TrimEnd(')')));
            }
            else if (words[0] is "Remv" or "Purg" && old is not null)
            {
                changes.Add(new PackageChange(words[1], old, null));
            }
        }

        return changes;
    }
}
