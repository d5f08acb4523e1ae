using System.Text.Json.Serialization;
using Messaging.Cli.Hosting;
using Messaging.Cli.Recordings;
using Messaging.Trust;

namespace Messaging.Cli.Policies;

/// <summary>A rule in a file.</summary>
/// <param name="Types">Types of commands; "*" stands for all.</param>
/// <param name="Roles">Who may have them run; none: nobody.</param>
/// <param name="Signatures">How many must sign; 1 when it is left out.</param>
/// <param name="Windows">When, UTC: "Sat 02:00-04:00"; at any time when it is left out.</param>
/// <param name="Record">The keys that recordings of shells are sealed to, as <c>fleetctl recordings key</c> shows them; left out: shells are not recorded.</param>
internal sealed record PolicyFileRule(
    IReadOnlyList<string>? Types,
    IReadOnlyList<string>? Roles,
    int? Signatures,
    IReadOnlyList<string>? Windows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Record = null)
{
    public static PolicyFileRule Of(PolicyRule rule) => new(
        rule.Types,
        rule.Roles,
        rule.Signatures,
        [.. rule.Windows.Select(static window => window.Words())],
        rule.Recorders.Count == 0 ? null : [.. rule.Recorders.Select(RecorderKey.Text)]);

    /// <param name="number">Its place, from 1.</param>
    /// <exception cref="CliException">It is none.</exception>
    public PolicyRule Read(int number)
    {
        if (Types is null || Roles is null || Types.Contains(null) || Roles.Contains(null) || Windows?.Contains(null) == true || Record?.Contains(null) == true)
        {
            // A role that was forgotten must not make a rule by which nobody may.
            throw new CliException($"Rule {number} needs \"types\" and \"roles\", each a list of texts; [] as roles means that nobody may.", ExitCodes.Usage);
        }

        return new PolicyRule(Types, Roles, Signatures ?? 1, [.. (Windows ?? []).Select(WindowText.Parse)]) { Recorders = [.. (Record ?? []).Select(RecorderKey.Parse)] };
    }
}
