using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Rosters;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl roster add</c></summary>
internal static class RosterAddVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var owner = TrustChanger.KeyFiles("--owner-key", "An owner's key: it signs the roster.", required: true);
        var key = new Option<string>("--key") { Description = "The public key of whom is added: FILE.pub, or what fleetctl key show FILE --public shows.", HelpName = "PUBFILE", Required = true };
        var roles = new Option<string[]>("--role")
        {
            Description = "operator, owner, or another one that the fleet's policy names. May be repeated.",
            HelpName = "ROLE",
            Required = true,
        };
        var notAfter = new Option<string?>("--not-after") { Description = $"After when it may command nothing: {EndText.Forms}.", HelpName = "DATE" };
        var replace = new Option<bool>("--replace") { Description = "Sets roles and end of one that is in the roster already." };
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "add",
            "Adds somebody to the roster, whose commands devices then heed.",
            ("fleetctl roster add --owner-key owner.pem --key alice.pub --role operator", "alice may restart, reboot and run scripts"),
            ("fleetctl roster add --owner-key owner.pem --key bob.pub --role operator --not-after 90d", "for three months"),
            ("fleetctl roster add --owner-key owner.pem --key bob.pub --role operator --role owner --replace", "from now on also an owner"))
        {
            owner,
            key,
            roles,
            notAfter,
            replace,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var point = PublicKeyFile.Read(parsed.GetRequiredValue(key));
            var end = parsed.GetValue(notAfter) is { } text ? EndText.Parse(text, "--not-after", TimeProvider.System.GetUtcNow()) : null;
            var principal = new RosterPrincipal(PrincipalId.FromIdentityKey(point), point, [], parsed.GetRequiredValue(roles), end);
            return changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) => RosterChange.Sign(trust, RosterEdits.Add(trust.Roster, trust.Server.Id, principal, parsed.GetValue(replace), now), keys),
                ct);
        });
    }
}
