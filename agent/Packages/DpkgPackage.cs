namespace Messaging.Agent.Packages;

/// <summary>A package that dpkg knows.</summary>
/// <param name="Name">With its architecture behind a colon.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">Such as <c>installed</c> or <c>half-configured</c>.</param>
/// <param name="InstalledKiB">What it takes on the disk.</param>
/// <param name="IsEssential">The system does not work without it.</param>
internal sealed record DpkgPackage(string Name, string Version, string Status, long InstalledKiB, bool IsEssential)
{
    /// <summary>Its files are there.</summary>
    public bool IsThere => Status is not ("not-installed" or "config-files" or "half-installed");

    /// <summary>dpkg was ended in the middle of it, or its maintainer script failed.</summary>
    public bool IsUnfinished => Status is not ("installed" or "not-installed" or "config-files");

    /// <summary>Without the architecture.</summary>
    public string BareName => Name[..Name.IndexOf(':', StringComparison.Ordinal)];
}
