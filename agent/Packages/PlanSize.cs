using System.Globalization;

namespace Messaging.Agent.Packages;

/// <summary>What a plan takes.</summary>
/// <param name="DownloadBytes">At most: what is there already is counted too.</param>
/// <param name="DiskBytes">More on the disk afterwards, as the packages say it; below zero: less.</param>
/// <param name="FreeBytes">Free there now.</param>
internal sealed record PlanSize(long DownloadBytes, long DiskBytes, long FreeBytes)
{
    /// <param name="shown">What apt-cache show says of the new versions.</param>
    /// <param name="plan">The changes.</param>
    /// <param name="now">What is there.</param>
    /// <param name="free">Bytes.</param>
    public static PlanSize Of(string shown, IReadOnlyList<PackageChange> plan, DpkgSnapshot now, long free)
    {
        long download = 0, disk = 0;
        foreach (var line in shown.Split('\n'))
        {
            download += Number(line, "Size: ");
            disk += Number(line, "Installed-Size: ") * 1024;
        }

        foreach (var change in plan)
        {
            disk -= (now.Find(change)?.InstalledKiB ?? 0) * 1024;
        }

        return new PlanSize(download, disk, free);
    }

    private static long Number(string line, string field) =>
        line.StartsWith(field, StringComparison.Ordinal) && long.TryParse(line.AsSpan(field.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
