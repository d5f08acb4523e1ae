using System.Globalization;
using Messaging.Commands;

namespace Messaging.Agent.Packages;

/// <summary>The arguments of apt and dpkg for the system below a folder: always the machine's own, but in tests. Pure.</summary>
/// <param name="Root">Its root, such as <c>/</c>.</param>
/// <param name="LockSeconds">How long another one that works with packages is waited for.</param>
internal sealed record AptPlace(string Root, int LockSeconds)
{
    public string DpkgFolder => Path.Combine(Root, "var/lib/dpkg");

    public string LockFile => Path.Combine(DpkgFolder, "lock-frontend");

    /// <summary>There when somebody wants the machine restarted, as Debian's packages say it; with .pkgs behind it, which ones.</summary>
    public string RebootFile => Path.Combine(Root, "run/reboot-required");

    public string ArchiveFolder => Path.Combine(Root, "var/cache/apt/archives");

    private bool IsOwn => Root == "/";

    /// <summary>For what was asked for.</summary>
    /// <param name="request">What.</param>
    /// <param name="first">Such as <c>-s</c>, to do only a part; null: all of it.</param>
    public List<string> Apt(PackageRequest request, string? first)
    {
        List<string> arguments =
        [
            "-q", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=" + LockSeconds.ToString(CultureInfo.InvariantCulture),
            "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold",
        ];
        if (!IsOwn)
        {
            arguments.AddRange(AptRoot());
            arguments.AddRange(["-o", "Dpkg::Options::=--root=" + Root, "-o", "Dpkg::Options::=--force-script-chrootless"]);
        }

        if (first is not null)
        {
            arguments.Add(first);
        }

        if (request.Action == PackageAction.Refresh)
        {
            // What could not be read is an error.
            arguments.AddRange(["-o", "APT::Update::Error-Mode=any", "update"]);
            return arguments;
        }

        arguments.Add(request.WithRecommends ? "--install-recommends" : "--no-install-recommends");
        if (request.AllowDowngrade)
        {
            arguments.Add("--allow-downgrades");
        }

        switch (request.Action)
        {
            case PackageAction.Remove:
                arguments.Add("remove");
                break;
            case PackageAction.Upgrade when request.Packages.Count == 0:
                arguments.Add("upgrade");
                break;
            case PackageAction.Upgrade:
                arguments.AddRange(["--only-upgrade", "install"]);
                break;
            default:
                arguments.Add("install");
                break;
        }

        foreach (var package in request.Packages)
        {
            arguments.Add(package.ToString());
        }

        return arguments;
    }

    /// <summary>What versions are like.</summary>
    public List<string> AptCacheShow(IReadOnlyList<PackageChange> plan)
    {
        List<string> arguments = [.. AptRoot(), "show"];
        foreach (var change in plan)
        {
            if (change.New is not null)
            {
                arguments.Add(change.Name + "=" + change.New);
            }
        }

        return arguments;
    }

    public List<string> Query() => ["--admindir=" + DpkgFolder, "-W", "-f=" + DpkgSnapshot.Format];

    /// <summary>Goes on with what was interrupted.</summary>
    public List<string> Configure() =>
        IsOwn ? ["--force-confdef", "--force-confold", "--configure", "-a"] : ["--force-confdef", "--force-confold", "--root=" + Root, "--force-script-chrootless", "--configure", "-a"];

    private string[] AptRoot() => IsOwn ? [] : ["-o", "Dir=" + Root, "-o", "Dir::State::status=" + Path.Combine(DpkgFolder, "status")];
}
