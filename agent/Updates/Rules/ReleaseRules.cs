using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Rules;

/// <summary>Whether a release may be installed here. Pure, but for what is installed.</summary>
internal static class ReleaseRules
{
    private const string AgentKind = "agent";

    /// <summary>Repository and assignment must name the same.</summary>
    /// <exception cref="UpdateFailedException">They do not.</exception>
    public static void DemandAssigned(UpdateArguments assignment, TargetFile target)
    {
        if (target.Length != assignment.Length || target.Hashes.Sha256?.AsSpan().SequenceEqual(assignment.Sha256.Span) != true)
        {
            throw new UpdateFailedException(UpdateReasons.NotAssignedSo, "The repository has something else under this name than what was assigned.");
        }
    }

    /// <param name="release">The release.</param>
    /// <param name="hardware">What this device is.</param>
    /// <param name="isCodeForbidden">Whether the agent may make no code while it runs; asked where the release does.</param>
    /// <param name="find">What is installed of a component; null: nothing is known.</param>
    /// <exception cref="UpdateFailedException">It may not.</exception>
    public static void Demand(Release release, IReadOnlyList<string> hardware, Func<bool> isCodeForbidden, Func<string, InstalledComponent?> find)
    {
        if (release.Hardware.Count > 0 && !Shares(release.Hardware, hardware))
        {
            throw new UpdateFailedException(
                UpdateReasons.WrongHardware, $"It is for {string.Join(", ", release.Hardware)}, and this device is {string.Join(", ", hardware)}.");
        }

        if (release is { Kind: AgentKind, Build: Release.TrimmedBuild } && isCodeForbidden())
        {
            throw new UpdateFailedException(
                UpdateReasons.WrongBuild, "It is the trimmed build, which compiles while it runs, and messaging-agent.service is that of the native build, which forbids that (MemoryDenyWriteExecute).");
        }

        if (find(release.Name) is { } installed && release.Counter <= installed.Counter)
        {
            throw new UpdateFailedException(UpdateReasons.Older, $"{release.Name} {installed.Version} is installed with counter {installed.Counter}, and this release has {release.Counter}.");
        }

        foreach (var needed in release.Requires)
        {
            var has = find(needed.Name);
            if (has is null || !SemanticVersion.TryParse(has.Version, out var version) || version.Order(needed.Version) < 0)
            {
                throw new UpdateFailedException(
                    UpdateReasons.RequirementMissing, $"It needs {needed.Name} {needed.Version}, and {(has is null ? "there is none" : $"{has.Version} is installed")}.");
            }
        }
    }

    private static bool Shares(IReadOnlyList<string> wanted, IReadOnlyList<string> has)
    {
        foreach (var one in wanted)
        {
            foreach (var other in has)
            {
                if (one == other)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
