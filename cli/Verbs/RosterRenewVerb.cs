using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Rosters;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl roster renew</c></summary>
internal static class RosterRenewVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var owner = TrustChanger.KeyFiles("--owner-key", "An owner's key: it signs the roster.", required: true);
        var expires = new Option<string?>("--expires")
        {
            Description = $"After when the roster lets nobody but servers command: {EndText.Forms}. Without it: for as long again as before.",
            HelpName = "DATE",
        };
        var homes = new Option<string[]>("--home")
        {
            Description = "Where devices look for a newer roster when their server does not bring one, in the place of what the roster names. May be repeated.",
            HelpName = "URL",
            DefaultValueFactory = _ => [],
        };
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "renew",
            "Signs the roster anew, with a later end or another one. Also what a server needs that was restored from a backup.",
            ("fleetctl roster renew --owner-key owner.pem", "for as long again"),
            ("fleetctl roster renew --owner-key owner.pem --expires 2027-06-30", "to the end of that day"),
            ("fleetctl roster renew --owner-key owner.pem --expires never", "without an end"),
            ("fleetctl roster renew --owner-key owner.pem --home https://www.example.org/fleet", "with another home"))
        {
            owner,
            expires,
            homes,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var text = parsed.GetValue(expires);
            var end = text is null ? null : EndText.Parse(text, "--expires", TimeProvider.System.GetUtcNow());
            return changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) =>
                {
                    var next = text is null ? RosterEdits.Renew(trust.Roster, trust.Server.Id, now) : RosterEdits.RenewUntil(trust.Roster, trust.Server.Id, end, now);
                    return RosterChange.Sign(trust, parsed.GetValue(homes) is { Length: > 0 } others ? next with { Homes = HomeList.Check(others) } : next, keys);
                },
                ct);
        });
    }
}
