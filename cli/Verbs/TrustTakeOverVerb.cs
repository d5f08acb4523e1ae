using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl trust take-over</c></summary>
internal static class TrustTakeOverVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var root = new Option<string>("--root-key") { Description = "Signs roots from now on. Needed once in years: keep it where nobody works.", HelpName = "FILE", Required = true };
        var owner = new Option<string>("--owner-key") { Description = "Signs rosters and commands from now on. Another key than the root's.", HelpName = "FILE", Required = true };
        var homes = new Option<string[]>("--home")
        {
            Description = "Where devices look for a newer roster when their server does not bring one. May be repeated.",
            HelpName = "URL",
            DefaultValueFactory = _ => [],
        };
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "take-over",
            "Makes a fleet whose root key the server holds its owner's. From then on rosters and dangerous commands need the owner's key; the server deletes its root key.",
            ("fleetctl trust take-over --root-key root.pem --owner-key owner.pem", "both made by fleetctl key create"),
            ("fleetctl trust take-over --root-key root.pem --owner-key owner.pem --home https://fleet.example", "with a place to look for rosters"))
        {
            root,
            owner,
            homes,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) => changer.RunAsync(
            parsed,
            [parsed.GetRequiredValue(root), parsed.GetRequiredValue(owner)],
            (trust, keys, now) => TakeOver.Plan(trust, keys[0], keys[1], parsed.GetValue(homes) ?? [], now),
            ct));
    }
}
