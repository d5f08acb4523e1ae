using Messaging.Agent.Collect;
using Messaging.Commands;

namespace Messaging.Agent.Packages;

/// <summary>What the machine's root lets the fleet do with packages. Pure.</summary>
/// <param name="File">Where it stands, for people.</param>
/// <param name="Names">Packages that may be touched, with wildcards.</param>
/// <param name="Actions">What may be done: install, upgrade, remove, refresh, downgrade.</param>
internal sealed record PackagePolicy(string File, IReadOnlyList<string> Names, IReadOnlyList<string> Actions)
{
    /// <summary>Words of <see cref="Actions"/> that there are.</summary>
    public static readonly string[] KnownActions = ["install", "upgrade", "remove", "refresh", Downgrade];

    private const string Downgrade = "downgrade";

    /// <summary>Null, or why it is not done and what root would have to do.</summary>
    public string? Judge(PackageRequest request)
    {
        var action = PackagesArguments.Word(request.Action);
        if (!Allows(action))
        {
            return Missing(action);
        }

        if (request.AllowDowngrade && !Allows(Downgrade))
        {
            return Missing(Downgrade);
        }

        foreach (var package in request.Packages)
        {
            if (!NamePattern.IsMatch(Names, package.Name))
            {
                return $"{File} does not list {package.Name}: as root, write Packages = {string.Join(", ", [.. Names, package.Name])} there, under [Helper].";
            }
        }

        return null;
    }

    /// <summary>Null, or why what apt would do is not done.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="plan">What apt would do for it.</param>
    /// <param name="now">What is there.</param>
    public string? Judge(PackageRequest request, IReadOnlyList<PackageChange> plan, DpkgSnapshot now)
    {
        var reasons = new List<string>();
        foreach (var change in plan)
        {
            if (Judge(request, change, now) is { } reason)
            {
                reasons.Add($"{change.AsPlan()} ({reason})");
            }
        }

        return reasons.Count == 0 ? null : $"it would also {string.Join("; ", reasons)}. Nothing was done.";
    }

    /// <summary>The agent cannot be taken away by what it does itself.</summary>
    private static bool IsAgent(PackageChange change) => change.BareName is "messaging-agent" or "messaging-agent-aot";

    private string? Judge(PackageRequest request, PackageChange change, DpkgSnapshot now) =>
        !NamePattern.IsMatch(Names, change.BareName) ? $"not in Packages of {File}"
        : change.New is null && now.Find(change) is { IsEssential: true } ? "the system needs it"
        : change.New is null && IsAgent(change) ? "it is the agent"
        : change.New is null && !Allows("remove") ? $"remove is not in PackageActions of {File}"
        : change.New is not null && request.Action == PackageAction.Remove ? "that removes nothing"
        : change is { New: not null, Old: null } && !Allows("install") ? $"install is not in PackageActions of {File}"
        : null;

    private bool Allows(string action)
    {
        foreach (var allowed in Actions)
        {
            if (allowed == action)
            {
                return true;
            }
        }

        return false;
    }

    private string Missing(string action) =>
        $"{File} does not allow {action}: as root, write PackageActions = {string.Join(", ", [.. Actions, action])} there, under [Helper].";
}
