using System.Globalization;
using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>Roots and targets in words: what is signed is what these say.</summary>
internal static class TargetWords
{
    /// <summary>What a draft changes.</summary>
    public static IEnumerable<string> Of(TufDocument draft, SigningRoom room) => draft.Role == RepositorySession.RootRole
        ? Root(SigningRoom.PlanOf(draft), room)
        : Targets(SigningRoom.TargetsOf(draft), room.Targets);

    /// <summary>Whose signatures it has, and whose it needs.</summary>
    public static IEnumerable<string> Signatures(TufDocument draft, SigningRoom room) => room.NeedsOf(draft).Select(need =>
        $"  signed by {need.SignersOf(draft).Count} of {need.Role.Threshold} that it needs of {need.By}: {KeyNames.Of(need.Role, room.Fleet)}");

    /// <summary><c>messaging-agent 1.4.0 (agent) for linux-arm64, counter 12, 11.8 MiB</c></summary>
    public static string Line(TargetFile target, Release release)
    {
        var deltas = release.Deltas.Count == 0 ? "" : $", {release.Deltas.Count} delta{(release.Deltas.Count == 1 ? "" : "s")}";
        return TerminalText.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{release.Name} {release.Version} ({release.Kind}) for {Hardware(release)}, counter {release.Counter}, {TransferProgress.Bytes(release.ContentSha256 is null ? target.Length : release.ContentLength)}{(release.IsEncrypted ? ", encrypted" : "")}{deltas}"));
    }

    public static string Hardware(Release release) => release.Hardware.Count == 0 ? "any hardware" : string.Join(" or ", release.Hardware);

    /// <summary>The release that a target is; null when it is none, or none that a device would take.</summary>
    public static Release? ReleaseOf(TargetFile target)
    {
        try
        {
            return TargetKind.ReleaseOf(target);
        }
        catch (TufException)
        {
            return null;
        }
    }

    public static IEnumerable<TargetFile> All(TargetsMetadata? targets) => targets is null ? [] : Enumerable.Range(0, targets.Count).Select(i => targets[i]);

    private static IEnumerable<string> Root(RootPlan plan, SigningRoom room)
    {
        yield return $"Root {plan.Version} of the repository, until {TerminalText.Time(plan.Expires)}";
        yield return $"  the next root is signed by {KeyNames.Of(plan.Root, room.Fleet)}";
        yield return $"  what there is to install is signed by {KeyNames.Of(plan.Targets, room.Fleet)}";
        yield return $"  snapshot and timestamp are signed by the server: {plan.Online}";
        if (room.Root is not { } before)
        {
            yield break;
        }

        foreach (var line in Change("root key", before.Root, plan.Root, room.Fleet).Concat(Change("targets' key", before.Targets, plan.Targets, room.Fleet)))
        {
            yield return line;
        }

        if (!before.Online.Equals(plan.Online))
        {
            yield return $"  ! the server's key was {before.Online}";
        }
    }

    private static IEnumerable<string> Change(string what, KeyRole before, KeyRole after, FleetTrust fleet) =>
    [
        .. before.Keys.Except(after.Keys).Select(key => $"  - {what} {KeyNames.Of(key, fleet)}"),
        .. after.Keys.Except(before.Keys).Select(key => $"  + {what} {KeyNames.Of(key, fleet)}"),
        .. before.Threshold == after.Threshold ? Array.Empty<string>() : [$"  ! {after.Threshold} must sign, before {before.Threshold} ({what}s)"],
    ];

    private static IEnumerable<string> Targets(TargetsMetadata draft, TargetsMetadata? published)
    {
        yield return $"Targets {draft.Version}, until {TerminalText.Time(draft.Expires)}: {draft.Count} in all";
        var same = 0;
        foreach (var target in All(draft))
        {
            var before = published?.Find(target.Path);
            if (before is not null && IsSame(before, target))
            {
                same++;
                continue;
            }

            yield return $"  {(before is null ? "+" : "! in the place of another of this name:")} {Describe(target)}";
            yield return TerminalText.Line($"      {target.Path}, sha256 {Sha256(target)}");
            foreach (var more in ReleaseOf(target) is { } release ? Details(release) : [])
            {
                yield return "      " + more;
            }
        }

        foreach (var gone in All(published).Where(target => draft.Find(target.Path) is null))
        {
            yield return $"  - {Describe(gone)}";
        }

        yield return same == 0 ? "  nothing else" : $"  {same} other{(same == 1 ? " stays" : "s stay")} as {(same == 1 ? "it is" : "they are")}";
    }

    private static string Describe(TargetFile target) =>
        ReleaseOf(target) is { } release ? Line(target, release)
            : TargetKind.IsDelta(target) ? TerminalText.Line($"delta {target.Path}, {TransferProgress.Bytes(target.Length)}")
            : TerminalText.Line($"{target.Path}, {TransferProgress.Bytes(target.Length)}, no release");

    /// <summary>What is not on the line of a release, and is signed all the same.</summary>
    public static IEnumerable<string> Details(Release release)
    {
        if (release.Requires.Count > 0)
        {
            yield return TerminalText.Line($"requires {string.Join(", ", release.Requires.Select(static one => $"{one.Name} {one.Version} or later"))}");
        }

        foreach (var parameter in release.Parameters)
        {
            yield return TerminalText.Line($"param {parameter.Key}={parameter.Value}");
        }

        var health = release.Health;
        var checks = string.Join(", ", health.Units.Select(static one => $"unit {one}").Concat(health.Http).Concat(health.Tcp).Concat(health.Scripts.Select(static one => $"script {one}")));
        yield return TerminalText.Line($"healthy for {health.Seconds} s within {health.DeadlineSeconds} s{(checks.Length == 0 ? "" : ": " + checks)}");
    }

    private static string Sha256(TargetFile target) => target.Hashes.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : "unknown";

    private static bool IsSame(TargetFile one, TargetFile other) =>
        one.Length == other.Length && Sha256(one) == Sha256(other) && one.Hashes.Sha256 is not null && one.Custom.Span.SequenceEqual(other.Custom.Span);
}
