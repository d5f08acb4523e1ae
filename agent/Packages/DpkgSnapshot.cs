using System.Globalization;

namespace Messaging.Agent.Packages;

/// <summary>All packages that dpkg knows at one time, by name and architecture. Pure.</summary>
internal sealed class DpkgSnapshot
{
    /// <summary>What dpkg-query is to write of each.</summary>
    public const string Format = @"${Package}:${Architecture}\t${Version}\t${db:Status-Status}\t${Installed-Size}\t${Essential}${Protected}\n";

    private readonly Dictionary<string, DpkgPackage> _packages = new(StringComparer.Ordinal);

    private DpkgSnapshot(string text) => Text = text;

    /// <summary>As dpkg-query has written it.</summary>
    public string Text { get; }

    public static DpkgSnapshot Parse(string text)
    {
        var snapshot = new DpkgSnapshot(text);
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Split('\t');
            if (parts.Length == 5 && parts[0].Contains(':', StringComparison.Ordinal))
            {
                _ = long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var size);
                snapshot._packages[parts[0]] = new DpkgPackage(parts[0], parts[1], parts[2], size, parts[4].Contains("yes", StringComparison.Ordinal));
            }
        }

        return snapshot;
    }

    /// <summary>Those that dpkg was not done with, by name.</summary>
    public IReadOnlyList<string> Unfinished()
    {
        var names = new List<string>();
        foreach (var package in _packages.Values)
        {
            if (package.IsUnfinished)
            {
                names.Add(package.BareName);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The package as apt names it; null when it is not there.</summary>
    public DpkgPackage? Find(PackageChange change)
    {
        if (_packages.TryGetValue(change.Name, out var exact))
        {
            return exact.IsThere ? exact : null;
        }

        foreach (var package in _packages.Values)
        {
            if (package.IsThere && package.BareName == change.Name)
            {
                return package;
            }
        }

        return null;
    }

    /// <summary>What is different now from what was before, by name.</summary>
    public IReadOnlyList<PackageChange> Since(DpkgSnapshot before)
    {
        var changes = new List<PackageChange>();
        foreach (var package in _packages.Values)
        {
            var (old, now) = (VersionOf(before, package.Name), package.IsThere ? package.Version : null);
            if (old != now)
            {
                changes.Add(new PackageChange(package.BareName, old, now));
            }
        }

        foreach (var package in before._packages.Values)
        {
            if (package.IsThere && !_packages.ContainsKey(package.Name))
            {
                changes.Add(new PackageChange(package.BareName, package.Version, null));
            }
        }

        changes.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return changes;
    }

    private static string? VersionOf(DpkgSnapshot snapshot, string name) =>
        snapshot._packages.TryGetValue(name, out var package) && package.IsThere ? package.Version : null;
}
