using Messaging.FleetServer.Api;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>What may be put up for signatures: nothing that devices would refuse, and nothing that this server could not publish.</summary>
internal static class DraftRules
{
    /// <summary>Null when it may.</summary>
    public static ApiProblem? Check(Draft draft, PublishedMetadata published, RepositoryKey online, DateTimeOffset now)
    {
        if (draft.Expires <= now)
        {
            return Wrong($"It expires at {draft.Expires:yyyy-MM-ddTHH:mm:ssZ}, which is over.");
        }

        return draft.Targets is { } targets ? Check(draft, targets, published.Targets) : Check(draft, published.Trust?.Root, online);
    }

    public static ApiProblem Wrong(string detail) => new(422, "draft_wrong", detail);

    private static ApiProblem? Check(Draft draft, RootMetadata? before, RepositoryKey online)
    {
        var next = (before?.Version ?? 0) + 1;
        if (draft.Version != next)
        {
            return new ApiProblem(409, "draft_older", $"The next root has version {next}, and this one {draft.Version}.");
        }

        if (draft.Root is not { } plan || plan.Create().Digest != draft.Document.Digest)
        {
            return Wrong("A root of this repository has P-256 keys under the ids that are their SHA-256, consistent_snapshot, one key for snapshot and timestamp, and no members besides.");
        }

        if (!plan.Online.Equals(online.Public))
        {
            return Wrong($"Its snapshot and timestamp are to be signed by another key than this server's, {online.Id}.");
        }

        return draft.Document.Encode().Length > TufLimits.Default.RootBytes - SignaturesRoom ? Wrong("It is larger than what devices read of a root.") : null;
    }

    private static ApiProblem? Check(Draft draft, TargetsMetadata targets, TargetsMetadata? before)
    {
        if (draft.Version <= (before?.Version ?? 0))
        {
            return new ApiProblem(409, "draft_older", $"Targets {before?.Version} are published; the next ones have a higher version than that.");
        }

        if (targets.Delegations.Count > 0)
        {
            return Wrong("It delegates to other roles, whose files this server does not have.");
        }

        foreach (var file in draft.Files)
        {
            if (file.Hashes.Sha256 is null)
            {
                return Wrong($"{file.Path} has no sha256.");
            }

            if (ReleaseProblem(file, targets) is { } problem)
            {
                return Wrong($"{file.Path}: {problem}");
            }
        }

        return draft.Document.Encode().Length > TufLimits.Default.TargetsBytes - SignaturesRoom ? Wrong("It is larger than what devices read of targets: take old releases out.") : null;
    }

    /// <summary>Eight signatures of 200 bytes each in JSON, and more.</summary>
    private const int SignaturesRoom = 4096;

    private static string? ReleaseProblem(TargetFile file, TargetsMetadata targets)
    {
        try
        {
            return TargetKind.ReleaseOf(file)?.Deltas.FirstOrDefault(delta => targets.Find(delta.Target) is null) is { } missing ? $"its delta {missing.Target} is not among the targets." : null;
        }
        catch (TufException e)
        {
            return e.Message;
        }
    }
}
