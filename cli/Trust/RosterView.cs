using Messaging.Rosters;

namespace Messaging.Cli.Trust;

/// <summary>The roster as it is shown.</summary>
/// <param name="Version">Its version.</param>
/// <param name="SignedAt">When it was signed.</param>
/// <param name="ExpiresAt">After when it lets nobody but servers command; null: never.</param>
/// <param name="Principals">Who is who.</param>
/// <param name="Policy">The owners' rules; behind them stand the defaults.</param>
/// <param name="Homes">Where devices look for a newer one.</param>
internal sealed record RosterView(
    ulong Version,
    DateTimeOffset SignedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<PrincipalView> Principals,
    IReadOnlyList<RuleView> Policy,
    IReadOnlyList<string> Homes)
{
    public static RosterView Of(RosterContent roster) => new(
        roster.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(roster.IssuedAtUnixMs),
        roster.ExpiresAtUnixMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        [.. roster.Principals.Select(PrincipalView.Of)],
        [.. roster.Policy.Rules.Select(RuleView.Of)],
        roster.Homes);
}
