using System.Globalization;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>A rule of the policy as it is shown.</summary>
/// <param name="Types">Types of commands.</param>
/// <param name="Roles">Who may have them run.</param>
/// <param name="Signatures">How many must sign.</param>
/// <param name="Windows">When, UTC: "Mon Tue 02:00 for 90 minutes".</param>
internal sealed record RuleView(IReadOnlyList<string> Types, IReadOnlyList<string> Roles, int Signatures, IReadOnlyList<string> Windows)
{
    private static readonly string[] Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static RuleView Of(PolicyRule rule) => new(rule.Types, rule.Roles, rule.Signatures, [.. rule.Windows.Select(Text)]);

    private static string Text(MaintenanceWindow window)
    {
        var days = Days.Where((_, day) => (window.Days & (1 << day)) != 0);
        return string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(' ', days)} {window.FromMinute / 60:00}:{window.FromMinute % 60:00} for {window.Minutes} minutes");
    }
}
