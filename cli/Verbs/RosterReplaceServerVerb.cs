using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Rosters;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl roster replace-server</c></summary>
internal static class RosterReplaceServerVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var owner = TrustChanger.KeyFiles("--owner-key", "An owner's key: it signs the roster.", required: true);
        var server = PublicKey("--server-key", "The new server's identity: DATA/server.pub of fleet-server keys renew.");
        var time = PublicKey("--time-key", "Its time key: DATA/time.pub.");
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "replace-server",
            "Puts a server with new keys in the place of one whose keys were stolen. --url is the new server. Devices heed the old one no more, as soon as they hear of it: "
            + "from the new one, or from a home (fleetctl trust save).",
            ("fleetctl roster replace-server --owner-key owner.pem --server-key server.pub --time-key time.pub", "with what fleet-server keys renew has made"))
        {
            owner,
            server,
            time,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var (next, clock) = (PublicKeyFile.Read(parsed.GetRequiredValue(server)), PublicKeyFile.Read(parsed.GetRequiredValue(time)));
            return changer.RunAsync(
                parsed,
                parsed.GetRequiredValue(owner),
                (trust, keys, now) => RosterChange.Sign(trust, RosterEdits.ReplaceServer(trust.Roster, trust.Server.Id, next, clock, now), keys),
                ct);
        });
    }

    private static Option<string> PublicKey(string name, string description) => new(name) { Description = description, HelpName = "PUBFILE", Required = true };
}
