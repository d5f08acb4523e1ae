using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Rosters;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl roster remove</c></summary>
internal static class RosterRemoveVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var principal = new Argument<string>("PRINCIPAL") { Description = "Whom: 32 hexadecimal digits, as fleetctl trust show shows them." };
        var owner = TrustChanger.KeyFiles("--owner-key", "An owner's key: it signs the roster.", required: true);
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "remove",
            "Removes somebody from the roster: devices heed no more commands of theirs. Neither the last owner nor the server that devices go by.",
            ("fleetctl roster remove --owner-key owner.pem 8d1c4f0a6be2935771d0c4a2e85b90f3", "as soon as a key is lost"))
        {
            principal,
            owner,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            if (!PrincipalId.TryParse(parsed.GetRequiredValue(principal).ToLowerInvariant(), out var id))
            {
                throw new CliException("PRINCIPAL has 32 hexadecimal digits; fleetctl trust show shows them.", ExitCodes.Usage);
            }

            return RemoveAsync(parsed, id, ct);
        });

        async Task<int> RemoveAsync(ParseResult parsed, PrincipalId id, CancellationToken ct)
        {
            var signsRosters = false;
            var code = await changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) =>
                {
                    signsRosters = trust.Roster.Find(id) is { } gone && trust.Root.Owner.Keys.Contains(gone.Identity);
                    return RosterChange.Sign(trust, RosterEdits.Remove(trust.Roster, trust.Server.Id, id, now), keys);
                },
                ct);
            if (signsRosters)
            {
                Show.Note(parsed, "Its key still signs rosters, for the root says so. To end that: fleetctl root rotate --new-owner-key FILE");
            }

            return code;
        }
    }
}
