using Messaging.Cli.Hosting;
using Messaging.Cli.Policies;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>What a change has changed, in words.</summary>
internal static class TrustDifference
{
    public static IEnumerable<string> Lines(FleetTrust before, FleetTrust after)
    {
        if (before.Root.Version != after.Root.Version)
        {
            yield return $"Root {before.Root.Version} -> {after.Root.Version}, signed {TerminalText.Time(after.Root.IssuedAtUnixMs)}";
            foreach (var line in Keys("root", before.Root.Root, after.Root.Root).Concat(Keys("owners", before.Root.Owner, after.Root.Owner)))
            {
                yield return line;
            }
        }

        yield return $"Roster {before.Roster.Version} -> {after.Roster.Version}, signed {TerminalText.Time(after.Roster.IssuedAtUnixMs)}, {End(after.Roster)}";
        foreach (var gone in before.Roster.Principals.Where(one => after.Roster.Find(one.Id) is null))
        {
            yield return $"  - {Text(gone)}";
        }

        foreach (var principal in after.Roster.Principals)
        {
            var known = before.Roster.Find(principal.Id);
            if (known is null)
            {
                yield return $"  + {Text(principal)}";
            }
            else if (Text(known) != Text(principal))
            {
                yield return $"  ~ {Text(known)} -> {Powers(principal)}";
            }
        }

        foreach (var line in Rules(before.Roster.Policy, after.Roster.Policy))
        {
            yield return line;
        }

        if (!before.Roster.Homes.SequenceEqual(after.Roster.Homes, StringComparer.Ordinal))
        {
            yield return $"  homes: {(after.Roster.Homes.Count == 0 ? "none" : string.Join(", ", after.Roster.Homes.Select(TerminalText.Line)))}";
        }
    }

    /// <summary>With their places, because the first one that is about a type decides.</summary>
    public static IEnumerable<string> Rules(Policy before, Policy after)
    {
        var (rules, next) = (before.Rules.Select(RuleText.Line).ToList(), after.Rules.Select(RuleText.Line).ToList());
        foreach (var (line, number) in rules.Select(static (line, i) => (line, i + 1)).Where(one => !next.Contains(one.line)))
        {
            yield return $"  - rule {number}, {line}";
        }

        foreach (var (line, number) in next.Select(static (line, i) => (line, i + 1)).Where(one => !rules.Contains(one.line)))
        {
            yield return $"  + rule {number}, {line}";
        }

        if (!rules.Where(next.Contains).SequenceEqual(next.Where(rules.Contains), StringComparer.Ordinal))
        {
            yield return "  ~ the rules are in another order: fleetctl policy show";
        }
    }

    private static IEnumerable<string> Keys(string name, KeyRole before, KeyRole after) => before.IsSame(after)
        ? []
        :
        [
            .. before.Keys.Except(after.Keys).Select(key => $"  - {name}: {key}"),
            .. after.Keys.Except(before.Keys).Select(key => $"  + {name}: {key}"),
        ];

    private static string End(RosterContent roster) => roster.ExpiresAtUnixMs is { } end ? $"expires {TerminalText.Time(end)}" : "never expires";

    private static string Text(RosterPrincipal principal) => $"{principal.Id}: {Powers(principal)}";

    private static string Powers(RosterPrincipal principal) =>
        TerminalText.Line(string.Join(", ", principal.Roles)) + (principal.NotAfterUnixMs is { } end ? $" until {TerminalText.Time(end)}" : "");
}
