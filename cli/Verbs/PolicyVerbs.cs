using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Policies;
using Messaging.Cli.Recordings;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;
using Messaging.Cli.Trust;
using Messaging.Trust;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl policy …</c></summary>
internal static class PolicyVerbs
{
    public static Command Create(CommonOptions common, ITerminal terminal) => new("policy", "Who may have which commands run, how many must sign them, and when.")
    {
        CreateShow(common), CreateAdd(common, terminal), CreateRemove(common, terminal), CreateSet(common, terminal),
    };

    private static Verb CreateShow(CommonOptions common)
    {
        var json = Show.JsonOption();
        return new Verb(
            "show",
            "Shows the rules, the first of which decides about a type of command, and those that hold where none of them does. Takes no token.",
            ("fleetctl policy show", "with their numbers"),
            ("fleetctl policy show --json > policy.json", "the owners' rules, to be changed and given to fleetctl policy set"))
        {
            json,
        }.Runs(async (parsed, ct) =>
        {
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, null, Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var policy = session.Trust.Roster.Policy;
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, PolicyFile.Of(policy), PolicyJson.Default.PolicyFile);
            }
            else
            {
                Show.Lines(parsed, Lines(policy));
            }

            return ExitCodes.Ok;
        });
    }

    private static Verb CreateAdd(CommonOptions common, ITerminal terminal)
    {
        var types = new Argument<string[]>("TYPE") { Description = "Types of commands; * for all.", Arity = ArgumentArity.OneOrMore };
        var owner = OwnerKey();
        var roles = new Option<string[]>("--role") { Description = "Who may have them run: each who signs has one of these. May be repeated.", HelpName = "ROLE", DefaultValueFactory = _ => [] };
        var nobody = new Option<bool>("--nobody") { Description = "Nobody may have them run." };
        var signatures = new Option<int>("--signatures") { Description = "How many must sign.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var windows = new Option<string[]>("--window") { Description = $"When they run: {WindowText.Forms}. May be repeated.", HelpName = "WINDOW", DefaultValueFactory = _ => [] };
        var record = new Option<string[]>("--record")
        {
            Description = "Shells under this rule are recorded, for whom: a key, or a file with it, that fleetctl recordings key has made. May be repeated.",
            HelpName = "KEY",
            DefaultValueFactory = _ => [],
        };
        var at = new Option<int?>("--at") { Description = "The place of the rule; without it before all others.", HelpName = "N" };
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "add",
            "Adds a rule.",
            ("fleetctl policy add reboot run-script --role operator --role owner --signatures 2 --owner-key owner.pem", "two must sign"),
            ("fleetctl policy add reboot --role operator --window \"Sat 02:00-04:00\" --owner-key owner.pem", "on Saturdays from 2 to 4, UTC"),
            ("fleetctl policy add shell --role operator --record auditor.pem.pub --owner-key owner.pem", "terminals, recorded for an auditor"),
            ("fleetctl policy add shell --nobody --owner-key owner.pem", "no terminals at all"))
        {
            types, roles, nobody, signatures, windows, record, at, owner,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var who = parsed.GetValue(roles)!;
            if (parsed.GetValue(nobody) == who.Length > 0)
            {
                throw new CliException("Say who may: --role ROLE, or --nobody.", ExitCodes.Usage);
            }

            var rule = new PolicyRule(parsed.GetRequiredValue(types), who, parsed.GetValue(signatures), [.. parsed.GetValue(windows)!.Select(WindowText.Parse)])
            {
                Recorders = [.. parsed.GetValue(record)!.Select(RecorderKey.Read)],
            };
            return changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) => RosterChange.Sign(trust, PolicyEdits.Add(trust.Roster, trust.Server.Id, rule, parsed.GetValue(at), now), keys),
                ct);
        });
    }

    private static Verb CreateRemove(CommonOptions common, ITerminal terminal)
    {
        var numbers = new Argument<int[]>("NUMBER") { Description = "The rules' numbers, as fleetctl policy show shows them.", Arity = ArgumentArity.OneOrMore };
        var owner = OwnerKey();
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb("remove", "Removes rules.", ("fleetctl policy remove 2 --owner-key owner.pem", "the second one"))
        {
            numbers, owner,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) => changer.RunAsync(
            parsed,
            parsed.GetRequiredValue(owner),
            (trust, keys, now) => RosterChange.Sign(trust, PolicyEdits.Remove(trust.Roster, trust.Server.Id, parsed.GetRequiredValue(numbers), now), keys),
            ct));
    }

    private static Verb CreateSet(CommonOptions common, ITerminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The rules, as fleetctl policy show --json writes them." };
        var owner = OwnerKey();
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "set",
            "Puts the rules of a file in the place of all others.",
            ("fleetctl policy set policy.json --owner-key owner.pem", "what it changes is shown"))
        {
            file, owner,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var rules = PolicyFile.Parse(SmallFile.Read(parsed.GetRequiredValue(file), PolicyFile.MaxBytes));
            return changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) => RosterChange.Sign(trust, PolicyEdits.Set(trust.Roster, trust.Server.Id, rules, now), keys),
                ct);
        });
    }

    private static Option<string[]> OwnerKey() => TrustChanger.KeyFiles("--owner-key", "An owner's key: it signs the roster, which has the policy.", required: true);

    private static IEnumerable<string> Lines(Policy policy)
    {
        if (policy.Rules.Count == 0)
        {
            yield return "No rules but the defaults. To add one: fleetctl policy add --help";
        }

        for (var i = 0; i < policy.Rules.Count; i++)
        {
            yield return $"{i + 1,2}  {RuleText.Line(policy.Rules[i])}";
        }

        yield return "Where none of them is about a type:";
        foreach (var rule in Policy.DefaultRules)
        {
            yield return $"    {RuleText.Line(rule)}";
        }
    }
}
