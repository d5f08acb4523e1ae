using Messaging.FleetServer.Api;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates;

/// <summary>Why a change of the repository is refused.</summary>
internal static class RepositoryProblems
{
    public static ApiProblem NoDraft { get; } = Problems.NotFound("draft");

    public static ApiProblem Changed { get; } = new(412, "draft_changed", "Somebody else has changed the draft meanwhile, or it is gone: fetch it, and begin with that. If-Match takes its digest, If-None-Match * says that there is none.");

    public static ApiProblem NothingToPublish { get; } = new(409, "nothing_to_publish", "There is no draft: what devices are shown is the newest that there is.");

    public static ApiProblem Incomplete { get; } = new(409, "repository_incomplete", "The first root and the first targets are published together: both drafts have to be there.");

    public static ApiProblem OtherOnlineKey { get; } = new(
        409, "online_key_not_named", "The root names another key for snapshot and timestamp than the one that this server has: sign another root first (fleetctl artifact root).");

    public static ApiProblem TooManyDownloads { get; } = new(429, "too_many_downloads", "Too many downloads from this address at a time. Wait, then try again.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static ApiProblem Damaged(string what) => new(409, "repository_damaged", what);

    public static ApiProblem Unsigned(Draft draft, SigningNeed need) => new(
        409, "signatures_missing", $"{(draft.Role == MetadataNames.Root ? "Root" : "Targets")} {draft.Version} {(draft.Role == MetadataNames.Root ? "has" : "have")} {need.SignersOf(draft.Document).Count} of {need.Role.Threshold} signatures by {need.By}.");

    public static ApiProblem WouldBeRefused(TufException refusal) => new(
        422, "would_be_refused", $"Devices would refuse it ({refusal.Failure}): {refusal.Message}. Nothing was published.");
}
