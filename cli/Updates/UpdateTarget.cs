using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Updates;

/// <summary>The release that is assigned: out of what its owners have signed, not of what a server says.</summary>
internal static class UpdateTarget
{
    private const string Example = "fleetctl artifact list shows what there is";

    /// <param name="targets">Of the repository, verified; null: nothing was published.</param>
    /// <param name="text">A target's path, or NAME@VERSION.</param>
    /// <exception cref="CliException">There is none, or several.</exception>
    public static (TargetFile Target, Release Release) Find(TargetsMetadata? targets, string text)
    {
        if (targets is null or { Count: 0 })
        {
            throw new CliException("The fleet's repository has no releases. fleetctl artifact init and fleetctl artifact add make one.");
        }

        if (targets.Find(text) is { } named)
        {
            return (named, ReadOrFail(named));
        }

        var at = text.LastIndexOf('@');
        var (name, version) = at > 0 ? (text[..at], text[(at + 1)..]) : (text, null);
        var found = Releases(targets).Where(one => one.Release.Name == name).ToList();
        if (version is null)
        {
            throw new CliException(TerminalText.Line(found.Count == 0
                ? $"--target {text}: there is no such target; {Example}."
                : $"--target {text}: say which version: {string.Join(", ", found.OrderByDescending(static one => one.Release.Counter).Select(one => $"{name}@{one.Release.Version}").Distinct())}."));
        }

        var chosen = found.Where(one => one.Release.Version.ToString() == version).ToList();
        return chosen.Count == 1
            ? chosen[0]
            : throw new CliException(TerminalText.Line(chosen.Count == 0
                ? $"--target {text}: there is no such release; {Example}."
                : $"--target {text}: there are several, for other hardware; name one by its path: {string.Join(", ", chosen.Select(static one => one.Target.Path))}."));
    }

    /// <summary>The key of an encrypted release, which the server keeps for those who assign it.</summary>
    /// <exception cref="CliException">The server has none.</exception>
    public static async Task<ReadOnlyMemory<byte>?> KeyAsync(RepositorySession repository, TargetFile target, Release release, CancellationToken ct)
    {
        if (!release.IsEncrypted)
        {
            return null;
        }

        return await repository.Api.FindReleaseKeyAsync(Convert.ToHexStringLower(target.Hashes.Sha256!), ct) is { } key
            ? key
            : throw new CliException(TerminalText.Line($"{release.Name} {release.Version} is encrypted, and the server does not have its key. Who added it can give it again: fleetctl artifact add"));
    }

    private static Release ReadOrFail(TargetFile target)
    {
        try
        {
            return Release.Read(target);
        }
        catch (TufException e)
        {
            throw new CliException(TerminalText.Line($"--target {target.Path}: it is no release that devices install: {e.Message}"));
        }
    }

    private static IEnumerable<(TargetFile Target, Release Release)> Releases(TargetsMetadata targets)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            Release release;
            try
            {
                release = Release.Read(targets[i]);
            }
            catch (TufException)
            {
                // A delta, or something else that is not assigned.
                continue;
            }

            yield return (targets[i], release);
        }
    }
}
