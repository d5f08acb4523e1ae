using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>A rule of the policy as it is shown.</summary>
/// <param name="Types">Types of commands.</param>
/// <param name="Roles">Who may have them run.</param>
/// <param name="Signatures">How many must sign.</param>
/// <param name="Windows">When: "Sat 02:00-04:00 UTC".</param>
/// <param name="Record">The ids of the keys that recordings of shells are sealed to.</param>
internal sealed record RuleView(IReadOnlyList<string> Types, IReadOnlyList<string> Roles, int Signatures, IReadOnlyList<string> Windows, IReadOnlyList<string> Record)
{
    public static RuleView Of(PolicyRule rule) => new(
        rule.Types, rule.Roles, rule.Signatures, [.. rule.Windows.Select(static window => window.Words())], [.. rule.Recorders.Select(static key => key.Kid.ToString())]);
}
