using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Commands;

namespace Messaging.Agent.Helper;

/// <summary>What agent.conf allows and the helper's file does not.</summary>
internal static class HelperHints
{
    public static IEnumerable<string> For(AgentOptions options, string policyFile, uint root)
    {
        var allowed = options.Commands.AllowList();
        var (units, reboot) = (allowed.Contains(CommandTypes.RestartUnit) ? options.Commands.UnitList() : [], allowed.Contains(CommandTypes.Reboot));
        var packages = allowed.Contains(CommandTypes.Packages) ? options.Commands.PackageList() : [];
        if (units.Count == 0 && !reboot && packages.Count == 0)
        {
            yield break;
        }

        var policy = Read(policyFile, root, out var problem);
        if (policy is null)
        {
            yield return $"Systemd:Helper: {problem}";
            yield break;
        }

        // A pattern stands for units of such names, of which a star is none.
        foreach (var unit in units.Where(unit => !policy.Units.Contains(unit) && !UnitName.IsMatch(policy.Units, unit)))
        {
            yield return $"Commands:Units: {unit} is not in Units of {policyFile}, so that only polkit can allow it";
        }

        if (reboot && !policy.Reboot)
        {
            yield return $"Commands:Allow: reboot is allowed, and {policyFile} has no Reboot = yes, so that only polkit can allow it";
        }

        foreach (var hint in ForPackages(packages, policy, policyFile))
        {
            yield return hint;
        }
    }

    /// <summary>The same for packages, which have a helper of their own and the same file.</summary>
    private static IEnumerable<string> ForPackages(IReadOnlyList<string> packages, HelperPolicy policy, string policyFile)
    {
        foreach (var package in packages)
        {
            if (!policy.Packages.Names.Contains(package) && !NamePattern.IsMatch(policy.Packages.Names, package))
            {
                yield return $"Commands:Packages: {package} is not in Packages of {policyFile}, so that nothing is done with it";
            }
        }

        if (packages.Count > 0 && policy.Packages.Actions.Count == 0)
        {
            yield return $"Commands:Allow: packages is allowed, and {policyFile} has no PackageActions, so that nothing is done";
        }
    }

    private static HelperPolicy? Read(string file, uint root, out string? problem)
    {
        try
        {
            problem = null;
            return HelperPolicyFile.Read(file, root);
        }
        catch (HelperPolicyException e)
        {
            problem = e.Message;
            return null;
        }
    }
}
