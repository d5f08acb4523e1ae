using Messaging.Trust;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>Whose signatures a draft needs: of each of these, as many as the role says.</summary>
/// <param name="By">Who that is, for people.</param>
/// <param name="Role">The keys.</param>
internal sealed record SigningNeed(string By, KeyRole Role)
{
    public IReadOnlyList<RepositoryKey> Keys { get; } = [.. Role.Keys.Select(RepositoryKey.Of)];

    public IReadOnlyList<RepositoryKey> SignersOf(TufDocument draft) => [.. Keys.Where(draft.IsSignedBy)];

    public bool IsMetBy(TufDocument draft) => SignersOf(draft).Count >= Role.Threshold;

    /// <summary>What a root needs: of the fleet's root keys when it is the first, else of the root before it; and of its own.</summary>
    /// <param name="plan">What it says.</param>
    /// <param name="before">The newest that is published; null: none.</param>
    /// <param name="fleet">The role of the fleet's root.</param>
    public static IReadOnlyList<SigningNeed> OfRoot(RootPlan plan, RootPlan? before, KeyRole fleet) =>
    [
        before is null ? new SigningNeed("the fleet's root", fleet) : new SigningNeed($"root {before.Version}", before.Root),
        new SigningNeed($"root {plan.Version} itself", plan.Root),
    ];

    /// <summary>What targets need.</summary>
    /// <param name="plan">The root that they will be under.</param>
    public static IReadOnlyList<SigningNeed> OfTargets(RootPlan plan) => [new SigningNeed($"the targets' keys of root {plan.Version}", plan.Targets)];
}
