using Messaging.Trust;

namespace Messaging.Updates.Repository;

/// <summary>Whose signatures a file needs before it is published: as many as a role says.</summary>
/// <param name="By">Who that is, for people.</param>
/// <param name="Role">The keys.</param>
public sealed record SigningNeed(string By, KeyRole Role)
{
    /// <summary>The keys, as a repository names them.</summary>
    public IReadOnlyList<RepositoryKey> Keys { get; } = [.. Role.Keys.Select(RepositoryKey.Of)];

    /// <summary>What a root needs: of the fleet's root keys when it is the first, else of the root before it; and of its own.</summary>
    /// <param name="plan">What it says.</param>
    /// <param name="before">The newest that is published; null: none.</param>
    /// <param name="fleet">The role of the fleet's root.</param>
    public static IReadOnlyList<SigningNeed> OfRoot(RootPlan plan, RootPlan? before, KeyRole fleet)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            before is null ? new SigningNeed("the fleet's root", fleet) : new SigningNeed($"root {before.Version}", before.Root),
            new SigningNeed($"root {plan.Version} itself", plan.Root),
        ];
    }

    /// <summary>What targets need.</summary>
    /// <param name="plan">The root that they will be under.</param>
    public static IReadOnlyList<SigningNeed> OfTargets(RootPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [new SigningNeed($"the targets' keys of root {plan.Version}", plan.Targets)];
    }

    /// <summary>The keys of the role that have signed.</summary>
    public IReadOnlyList<RepositoryKey> SignersOf(TufDocument draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return [.. Keys.Where(draft.IsSignedBy)];
    }

    /// <summary>Whether as many have signed as must.</summary>
    public bool IsMetBy(TufDocument draft) => SignersOf(draft).Count >= Role.Threshold;
}
