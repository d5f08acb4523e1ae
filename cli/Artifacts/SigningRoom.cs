using Messaging.Cli.Hosting;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>What is signed, and what is known when it is: at a server, or from a file on a machine without a network.</summary>
/// <param name="Fleet">Whom the fleet trusts.</param>
/// <param name="Root">The newest root that is published; null: none.</param>
/// <param name="Targets">What is published; null: nothing.</param>
/// <param name="Drafts">What waits.</param>
internal sealed record SigningRoom(FleetTrust Fleet, RootPlan? Root, TargetsMetadata? Targets, IReadOnlyList<TufDocument> Drafts)
{
    public static SigningRoom Of(RepositorySession session) => new(
        session.Fleet,
        session.Trust is { } trust ? RootPlan.Of(trust.Root) : null,
        session.Targets,
        [.. new[] { session.RootDraft, session.TargetsDraft }.OfType<TufDocument>()]);

    /// <summary>The root that the targets will be under; null: there is none yet.</summary>
    public RootPlan? NextRoot => Drafts.Where(static one => one.Role == RepositorySession.RootRole).Select(PlanOf).FirstOrDefault() ?? Root;

    /// <summary>What a draft of a root says.</summary>
    /// <exception cref="CliException">It is none that a fleet's repository can have.</exception>
    public static RootPlan PlanOf(TufDocument draft)
    {
        try
        {
            // A root with anything besides would show other words than it says.
            return RootPlan.Of(RootMetadata.Parse(draft.Encode())) is { } plan && plan.Create().Digest == draft.Digest
                ? plan
                : throw new CliException("The draft of the root is not one of a fleet's repository, and is not signed here.");
        }
        catch (TufException e)
        {
            throw new CliException($"The draft of the root is none: {e.Message}");
        }
    }

    /// <summary>What a draft of targets says.</summary>
    /// <exception cref="CliException">It is none that a fleet's repository can have.</exception>
    public static TargetsMetadata TargetsOf(TufDocument draft)
    {
        try
        {
            var targets = TargetsMetadata.Parse(draft.Encode());
            return targets.Delegations.Count == 0 ? targets : throw new CliException("The draft of the targets has others name targets, too, and is not signed here.");
        }
        catch (TufException e)
        {
            throw new CliException($"The draft of the targets is none: {e.Message}");
        }
    }

    /// <summary>Whose signatures a draft needs, by what is verified here.</summary>
    public IReadOnlyList<SigningNeed> NeedsOf(TufDocument draft) => draft.Role == RepositorySession.RootRole
        ? SigningNeed.OfRoot(PlanOf(draft), Root, Fleet.Root.Root)
        : NextRoot is { } root ? SigningNeed.OfTargets(root) : [];

    /// <summary>The drafts with the signatures of those keys that may sign them; the others as they are.</summary>
    /// <exception cref="CliException">None of the keys may sign anything of it.</exception>
    public IReadOnlyList<TufDocument> Sign(IReadOnlyList<IdentityKey> keys)
    {
        var signed = Drafts.Select(draft => keys
            .Where(key => NeedsOf(draft).Any(need => need.Role.Keys.Contains(key.Public)))
            .Aggregate(draft, static (document, key) => document.Sign(key))).ToList();
        foreach (var key in keys)
        {
            var name = RepositoryKey.Of(key.Public);
            if (!signed.Exists(draft => draft.IsSignedBy(name)))
            {
                throw new CliException($"The key {key.Public} signs nothing of what waits. Keys that do: {string.Join(", ", Drafts.SelectMany(NeedsOf).SelectMany(static need => need.Role.Keys).Distinct())}.");
            }
        }

        return signed;
    }
}
