using Messaging.Cli.Hosting;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>Who signs a command, and what devices will say to it. They decide; but what they would refuse need not be signed.</summary>
/// <param name="Principal">Whose key it is.</param>
/// <param name="Note">What the owner should know; null: nothing.</param>
/// <param name="Needed">How many must sign.</param>
/// <param name="WaitsUntil">When the next maintenance window that it would wait for ends; null: it need not wait.</param>
internal sealed record CommandIssuer(RosterPrincipal Principal, string? Note, int Needed, DateTimeOffset? WaitsUntil)
{
    /// <exception cref="CliException">The roster does not let the key have such a command run.</exception>
    public static CommandIssuer Find(RosterContent roster, IdentityPublicKey key, string type, DateTimeOffset now)
    {
        var principal = roster.Principals.FirstOrDefault(one => one.Identity.Equals(key))
            ?? throw new CliException($"Roster {roster.Version} does not name this key ({key}). An owner can add it: fleetctl roster add --key FILE.pub --role operator");
        var unixMs = now.ToUnixTimeMilliseconds();
        if (principal.NotAfterUnixMs < unixMs)
        {
            throw new CliException($"This key was trusted until {TerminalText.Time(principal.NotAfterUnixMs.Value)}. An owner can set a later end: fleetctl roster add --replace");
        }

        if (roster.ExpiresAtUnixMs < unixMs && !principal.HasRole(Roles.Server))
        {
            throw new CliException($"Roster {roster.Version} expired at {TerminalText.Time(roster.ExpiresAtUnixMs.Value)}. An owner can renew it: fleetctl roster renew");
        }

        var rule = roster.Policy.RuleFor(type);
        return roster.Policy.Judge(type, [principal], unixMs) switch
        {
            Permission.Allowed => new CommandIssuer(principal, null, 1, null),
            Permission.RoleMissing => throw new CliException(
                $"The fleet's policy lets no {(principal.Roles.Count == 0 ? "principal without a role" : string.Join(", ", principal.Roles))} have {type} run; "
                + $"it takes one of: {string.Join(", ", roster.Policy.RuleFor(type).Roles)}."),
            Permission.SignaturesMissing => new CommandIssuer(
                principal, $"the fleet's policy wants {rule.Signatures} signatures for {type}: it is proposed, and sent when as many have signed", rule.Signatures, WindowEnd(rule, unixMs)),
            _ => new CommandIssuer(principal, $"devices keep it for {Window(rule, unixMs)}", 1, WindowEnd(rule, unixMs)),
        };
    }

    private static string Window(PolicyRule rule, long now) => rule.NextWindow(now, out var opensAt) is { } window
        ? $"the maintenance window {window.Words()}, which opens {TerminalText.Time(opensAt)}"
        : "a maintenance window";

    private static DateTimeOffset? WindowEnd(PolicyRule rule, long now) => rule.NextWindow(now, out var opensAt) is { } window
        ? DateTimeOffset.FromUnixTimeMilliseconds(opensAt).AddMinutes(window.Minutes)
        : null;
}
