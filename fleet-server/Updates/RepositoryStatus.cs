using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Trust;
using Messaging.Updates.Client;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates;

/// <summary>Says how the repository is, and warns before something of it ends.</summary>
internal sealed class RepositoryStatus(UpdateRepository repository, ArtifactStore artifacts, ITrustService trust, RepositoryLimits limits, TimeProvider time)
{
    private const string Root = "root";

    public RepositoryView View()
    {
        var published = repository.Published;
        var warnings = Warnings().ToList();
        return new RepositoryView(
            published.Damage is not null || warnings.Count > 0 ? "attention" : published.Exists ? "ready" : "none",
            warnings,
            Of(repository.Online),
            published.Trust is { } roots && published.Plan is { } plan
                ? new RootView(plan.Version, plan.Expires, Of(plan.Root), Of(plan.Targets), RepositoryAnchor.IsSignedBy(roots.Roots[^1], trust.Trust.Root.Root), IsNamed(plan))
                : null,
            published.Targets is { } targets ? new MetadataView(targets.Version, targets.Expires, targets.Count) : null,
            published.Snapshot is { } snapshot ? new MetadataView(snapshot.Version, snapshot.Expires, null) : null,
            published.Timestamp is { } timestamp ? new MetadataView(timestamp.Version, timestamp.Expires, null) : null,
            [.. new[] { Root, MetadataNames.Targets }.Select(repository.DraftOf).OfType<Draft>().Select(Of)],
            Room());
    }

    /// <summary>What somebody has to do something about. Nothing of it is a secret: devices are shown as much.</summary>
    public IEnumerable<RepositoryWarning> Warnings()
    {
        var published = repository.Published;
        if (published.Damage is { } damage)
        {
            yield return new RepositoryWarning("damaged", damage);
        }

        if (published is not { Trust: { } roots, Plan: { } plan, Targets: { } targets, Timestamp: { } timestamp, Snapshot: { } snapshot })
        {
            yield break;
        }

        var now = time.GetUtcNow();
        if (!IsNamed(plan))
        {
            yield return new RepositoryWarning(
                "online_key_not_named", $"The root names another key for snapshot and timestamp than this server has: devices find nothing new after {timestamp.Expires:yyyy-MM-dd HH:mm}Z. Sign another root: fleetctl artifact root");
        }
        else if (timestamp.Expires <= now || snapshot.Expires <= now)
        {
            yield return new RepositoryWarning("expired_online", "Timestamp or snapshot have expired and were not signed anew: the server's log says why.");
        }

        if (!RepositoryAnchor.IsSignedBy(roots.Roots[^1], trust.Trust.Root.Root))
        {
            yield return new RepositoryWarning("root_not_of_fleet", "The fleet's root keys of today have not signed the repository's root: devices that are new cannot begin with it. Sign another root: fleetctl artifact root");
        }

        if (Ends(plan.Expires, now) is { } root)
        {
            yield return new RepositoryWarning("root_expires", $"The root {root} {plan.Expires:yyyy-MM-dd HH:mm}Z; then devices install nothing. Sign another one: fleetctl artifact root");
        }

        if (Ends(targets.Expires, now) is { } end)
        {
            yield return new RepositoryWarning("targets_expire", $"The targets {end} {targets.Expires:yyyy-MM-dd HH:mm}Z; then devices install nothing. Sign them again: fleetctl artifact renew");
        }
    }

    private static RepositoryKeyView Of(RepositoryKey key) => new(key.Id, key.Public.ToString(), key.Public.Point.ToArray());

    private static KeyRoleView Of(KeyRole role) => new(role.Threshold, [.. role.Keys.Select(static key => Of(RepositoryKey.Of(key)))]);

    private string? Ends(DateTimeOffset end, DateTimeOffset now) => end <= now ? "has ended at" : end - now < limits.WarnBefore ? "will end at" : null;

    private bool IsNamed(RootPlan plan) => plan.Online.Equals(repository.Online.Public);

    private DraftView Of(Draft draft)
    {
        var needs = repository.NeedsOf(draft);
        var missing = draft.Files.Where(file => file.Hashes.Sha256 is { } hash && artifacts.LengthOf(Convert.ToHexStringLower(hash)) is null);
        return new DraftView(
            draft.Role,
            draft.Version,
            draft.Expires,
            draft.Document.Digest,
            draft.Targets?.Count,
            [.. missing.Select(static file => file.Path)],
            [.. needs.Select(need => new NeedView(need.By, need.Role.Threshold, [.. need.Keys.Select(Of)], [.. need.SignersOf(draft.Document).Select(static key => key.Id)]))],
            needs.Count > 0 && needs.All(need => need.IsMetBy(draft.Document)));
    }

    private ArtifactsView Room()
    {
        var all = artifacts.List();
        var (published, drafted) = (repository.Published.Names, repository.DraftOf(MetadataNames.Targets)?.Names);
        var unused = all.Where(one => !published.ContainsKey(one.Sha256) && drafted?.ContainsKey(one.Sha256) != true);
        return new ArtifactsView(all.Count, all.Sum(static one => one.Length), limits.MaxTotalBytes, limits.MaxArtifactBytes, unused.Sum(static one => one.Length));
    }
}
