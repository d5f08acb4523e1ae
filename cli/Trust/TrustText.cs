using Messaging.Cli.Hosting;
using Messaging.Cli.Policies;

namespace Messaging.Cli.Trust;

/// <summary>Whom devices trust, in words.</summary>
internal static class TrustText
{
    public const string ServerHolds =
        "The server holds the root key: whoever steals it owns the fleet. Take it over: fleetctl trust take-over --root-key FILE --owner-key FILE";

    public const string OwnerHolds = "The root key is not the server's.";

    public static IEnumerable<string> Lines(TrustView trust, DateTimeOffset now)
    {
        yield return $"Fleet {trust.Fleet}";
        yield return $"Root {trust.Root.Version}, signed {TerminalText.Time(trust.Root.SignedAt)}, fingerprint {trust.Fingerprint}";
        foreach (var line in Keys("roots", trust.Root.Root).Concat(Keys("rosters", trust.Root.Owner)))
        {
            yield return line;
        }

        yield return $"Roster {trust.Roster.Version}, signed {TerminalText.Time(trust.Roster.SignedAt)}, {End(trust.Roster.ExpiresAt, "never expires", "expires", "expired", now)}";
        foreach (var principal in trust.Roster.Principals)
        {
            var roles = principal.Roles.Count == 0 ? "no role" : string.Join(", ", principal.Roles);
            var end = principal.NotAfter is null ? "" : $", {End(principal.NotAfter, "", "until", "over since", now)}";
            var server = principal.Id == trust.Notice.Server ? ", the server of the notice" : "";
            yield return TerminalText.Line($"  {principal.Id}  {roles}{end}{server}; key {principal.Fingerprint}");
        }

        yield return trust.Roster.Policy.Count == 0 ? "Policy: the defaults" : "Policy, before the defaults:";
        foreach (var rule in trust.Roster.Policy)
        {
            yield return "  " + RuleText.Line(rule);
        }

        yield return TerminalText.Line($"Homes: {(trust.Roster.Homes.Count == 0 ? "none" : string.Join(", ", trust.Roster.Homes))}");
        yield return $"Notice {trust.Notice.Number} of the server {trust.Notice.Server}, signed {TerminalText.Time(trust.Notice.SignedAt)}";
        foreach (var endpoint in trust.Notice.Endpoints)
        {
            yield return TerminalText.Line($"  {endpoint}");
        }

        foreach (var pin in trust.Notice.TlsPins)
        {
            yield return $"  TLS pin {pin}";
        }

        yield return trust.ServerHoldsRoot ? ServerHolds : OwnerHolds;
    }

    private static IEnumerable<string> Keys(string what, KeyRoleView role) =>
    [
        $"  {what} are signed by {(role.Keys.Count == 1 ? "this key:" : $"{role.Threshold} of these {role.Keys.Count} keys:")}",
        .. role.Keys.Select(key => $"    {key}"),
    ];

    private static string End(DateTimeOffset? end, string never, string later, string over, DateTimeOffset now) => end is { } at
        ? $"{(at > now ? later : over)} {TerminalText.Time(at)}"
        : never;
}
