using Messaging.Cli.Hosting;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>Which releases somebody means.</summary>
internal static class ReleaseChoice
{
    /// <param name="rows">All there are.</param>
    /// <param name="name">A component, or a target's path.</param>
    /// <param name="version">One of its versions; null: all.</param>
    /// <exception cref="CliException">There is none.</exception>
    public static IReadOnlyList<(string Sign, TargetFile Target, Release Release)> Of(
        IReadOnlyList<(string Sign, TargetFile Target, Release Release)> rows, string name, string? version)
    {
        var chosen = rows.Where(row => row.Target.Path == name || (row.Release.Name == name && (version is null || row.Release.Version.ToString() == version))).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new CliException(TerminalText.Line($"There is no release {name}{(version is null ? "" : " " + version)}; fleetctl artifact list shows them."));
    }
}
