using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Commands;
using Messaging.Recordings;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Policies;

/// <summary>Changes of a roster's policy, as functions from one roster to the next. What could never do what it says is refused, with its reason.</summary>
internal static class PolicyEdits
{
    private const int MaxNames = 64;
    private const int MaxRoles = 16;
    private const int MaxNameBytes = 64;
    private const int MaxSignatures = 8;
    private const int MaxWindows = 16;

    /// <summary>The roster with other rules.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="rules">All of them, the first one that is about a type decides.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Set(RosterContent roster, PrincipalId server, IReadOnlyList<PolicyRule> rules, DateTimeOffset now)
    {
        if (rules.Count > Policy.MaxRules)
        {
            throw new CliException($"A policy has at most {Policy.MaxRules} rules; these are {rules.Count}.");
        }

        for (var i = 0; i < rules.Count; i++)
        {
            Check(rules, i);
            CheckSigners(roster, rules[i], i + 1, now);
        }

        return RosterEdits.Next(roster, server, roster.Principals, now) with { Policy = rules.Count == 0 ? Policy.Default : new Policy(rules) };
    }

    /// <summary>With one rule more.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="at">Its place, from 1; null: before all others, so that it decides.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Add(RosterContent roster, PrincipalId server, PolicyRule rule, int? at, DateTimeOffset now)
    {
        var rules = roster.Policy.Rules;
        var place = (at ?? 1) - 1;
        return place >= 0 && place <= rules.Count
            ? Set(roster, server, [.. rules.Take(place), rule, .. rules.Skip(place)], now)
            : throw new CliException($"There are {rules.Count} rules: --at is 1 to {rules.Count + 1}.", ExitCodes.Usage);
    }

    /// <summary>Without some.</summary>
    /// <param name="roster">The roster.</param>
    /// <param name="server">The server that the notice is of.</param>
    /// <param name="numbers">From 1, as they are shown.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It is refused.</exception>
    public static RosterContent Remove(RosterContent roster, PrincipalId server, IReadOnlyList<int> numbers, DateTimeOffset now)
    {
        var rules = roster.Policy.Rules;
        foreach (var number in numbers)
        {
            if (number < 1 || number > rules.Count)
            {
                throw new CliException(
                    rules.Count == 0
                        ? "The policy has no rules but the defaults, which cannot be removed: add a rule, it comes before them."
                        : $"There is no rule {number}: the owners' rules are 1 to {rules.Count}. See fleetctl policy show",
                    ExitCodes.Usage);
            }
        }

        return Set(roster, server, [.. rules.Where((_, i) => !numbers.Contains(i + 1))], now);
    }

    private static void Check(IReadOnlyList<PolicyRule> rules, int index)
    {
        var (rule, number) = (rules[index], index + 1);
        CheckNames(rule.Types, MaxNames, 1, $"Rule {number} needs 1 to {MaxNames} types of commands ({PolicyRule.AnyType} stands for all)");
        CheckNames(rule.Roles, MaxRoles, 0, $"Rule {number} has at most {MaxRoles} roles");
        if (rule.Signatures is < 1 or > MaxSignatures)
        {
            throw new CliException($"Rule {number}: 1 to {MaxSignatures} signatures can be asked for, not {rule.Signatures}.", ExitCodes.Usage);
        }

        if (rule.Windows.Count > MaxWindows)
        {
            throw new CliException($"Rule {number} has {rule.Windows.Count} maintenance windows; at most {MaxWindows} go.", ExitCodes.Usage);
        }

        CheckRecorders(rule, number);
        foreach (var type in rule.Types)
        {
            if (type != PolicyRule.AnyType && !CommandTypes.All.Contains(type))
            {
                throw new CliException(
                    $"Rule {number}: there is no type of command \"{TerminalText.Line(type)}\". There are: {string.Join(", ", CommandTypes.All)}, and {PolicyRule.AnyType} for all.", ExitCodes.Usage);
            }
        }

        if (rule.Types.All(type => rules.Take(index).Any(before => before.IsAbout(type))))
        {
            throw new CliException(
                $"Rule {number} ({string.Join(", ", rule.Types)}) would never decide: a rule before it is about the same. Put it before that one, or remove that one.");
        }
    }

    /// <summary>A rule that would record what it is not about would look as if something were recorded.</summary>
    private static void CheckRecorders(PolicyRule rule, int number)
    {
        if (rule.Recorders.Count > 0 && !rule.IsAbout(CommandTypes.Shell))
        {
            throw new CliException($"Rule {number} is not about {CommandTypes.Shell}: shells are recorded, and nothing else.", ExitCodes.Usage);
        }

        if (rule.Recorders.Count > RecordingFormat.MaxRecipients || rule.Recorders.Distinct().Count() < rule.Recorders.Count)
        {
            throw new CliException($"Rule {number} records for {rule.Recorders.Count} keys: at most {RecordingFormat.MaxRecipients} go, none twice.", ExitCodes.Usage);
        }
    }

    private static void CheckNames(IReadOnlyList<string> names, int most, int least, string what)
    {
        if (names.Count < least || names.Count > most)
        {
            throw new CliException($"{what}; it has {names.Count}.", ExitCodes.Usage);
        }

        foreach (var name in names)
        {
            if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes || name.Any(char.IsControl) || names.Count(one => one == name) > 1)
            {
                throw new CliException($"{what}; each has 1 to {MaxNameBytes} bytes and stands there once. \"{TerminalText.Line(name)}\" does not.", ExitCodes.Usage);
            }
        }
    }

    /// <summary>A rule that wants more signatures than there are people would be a rule that nobody may, without saying so.</summary>
    private static void CheckSigners(RosterContent roster, PolicyRule rule, int number, DateTimeOffset now)
    {
        var signers = roster.Principals
            .Where(one => rule.Roles.Any(one.HasRole) && !(one.NotAfterUnixMs <= now.ToUnixTimeMilliseconds()))
            .Select(static one => one.Identity)
            .Distinct()
            .Count();
        if (rule.Roles.Count > 0 && signers < rule.Signatures)
        {
            throw new CliException(
                $"Rule {number} wants {rule.Signatures} signatures of {string.Join(", ", rule.Roles)}, and the roster names {signers} who could sign. "
                + "Add them first: fleetctl roster add. For a rule by which nobody may: --nobody");
        }
    }
}
