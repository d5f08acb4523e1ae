using Messaging.Cli.Hosting;
using Messaging.Cli.Trust;
using Messaging.Trust;

namespace Messaging.Cli.Policies;

/// <summary>A rule of the policy in one line.</summary>
internal static class RuleText
{
    public static string Line(PolicyRule rule) => Line(RuleView.Of(rule));

    public static string Line(RuleView rule)
    {
        var who = rule.Roles.Count == 0 ? "nobody" : string.Join(", ", rule.Roles);
        var signatures = rule.Signatures == 1 ? "" : $", {rule.Signatures} signatures";
        var windows = rule.Windows.Count == 0 ? "" : $"; {string.Join(" or ", rule.Windows)}";
        var record = rule.Record.Count == 0 ? "" : $"; shells recorded for {string.Join(", ", rule.Record)}";
        return TerminalText.Line($"{string.Join(", ", rule.Types)}: {who}{signatures}{windows}{record}");
    }
}
