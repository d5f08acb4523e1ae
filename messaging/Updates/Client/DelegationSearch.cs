using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>
/// 5.6.7: the pre-order depth-first search for a target. It says which role is to be looked at next, and is told what that role says.
/// </summary>
/// <param name="path">The target.</param>
/// <param name="maxRoles">5.6.7.1: how many roles it looks at, the top-level one among them.</param>
internal sealed class DelegationSearch(string path, int maxRoles)
{
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal) { TufNames.Targets };
    private readonly Stack<Step> _next = new();

    /// <summary>What a role says of the target; when it says nothing, those that it delegates to are next.</summary>
    public TargetFile? Visit(TargetsMetadata role)
    {
        if (role.Find(path) is { } target)
        {
            return target;
        }

        // 5.6.7.2.1: up to the first terminating one that covers the target. After that one nothing is asked, not even what waits of the roles before.
        var count = 0;
        while (count < role.Delegations.Count)
        {
            var one = role.Delegations[count++];
            if (one.Terminating && one.Covers(path))
            {
                _next.Clear();
                break;
            }
        }

        while (--count >= 0)
        {
            if (role.Delegations[count].Covers(path))
            {
                _next.Push(new Step(role, role.Delegations[count]));
            }
        }

        return null;
    }

    /// <summary>The next role, or null when nobody else may speak for the target.</summary>
    public Step? Next()
    {
        while (_visited.Count < maxRoles && _next.TryPop(out var step))
        {
            // Roles that were visited are skipped: cycles end.
            if (_visited.Add(step.Delegation.Name))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>A role, and who delegates to it.</summary>
    internal sealed class Step(TargetsMetadata delegator, Delegation delegation)
    {
        public TargetsMetadata Delegator { get; } = delegator;

        public Delegation Delegation { get; } = delegation;
    }
}
