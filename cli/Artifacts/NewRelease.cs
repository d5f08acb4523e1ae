using System.Globalization;
using Messaging.Cli.Hosting;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>What follows from the releases that are there for one that is added.</summary>
internal static class NewRelease
{
    /// <summary>The releases of a component, newest first.</summary>
    public static IReadOnlyList<(TargetFile Target, Release Release)> Of(TargetsMetadata? targets, string name) =>
    [
        .. TargetWords.All(targets).Select(static target => (Target: target, Release: TargetWords.ReleaseOf(target)))
            .Where(one => one.Release?.Name == name).Select(static one => (one.Target, Release: one.Release!))
            .OrderByDescending(static one => one.Release.Counter),
    ];

    /// <summary>The counter of a version: the one that it has already for other hardware, else one above all others.</summary>
    /// <exception cref="CliException">The one that is given is not above those of other versions.</exception>
    public static long Counter(IReadOnlyList<(TargetFile Target, Release Release)> others, SemanticVersion version, long? given)
    {
        var same = others.FirstOrDefault(one => one.Release.Version.ToString() == version.ToString()).Release;
        var counter = given ?? same?.Counter ?? others.Select(static one => one.Release.Counter).DefaultIfEmpty(0).Max() + 1;
        var above = others.Where(one => one.Release.Version.ToString() != version.ToString() && one.Release.Counter >= counter).Select(static one => one.Release).FirstOrDefault();
        return above is null || (given is not null && above.Version.Order(version) > 0)
            ? counter
            : throw new CliException($"{above.Name} {above.Version} has the counter {above.Counter}, and devices that have it would not take {version} with {counter}. Leave --counter out, or give a higher one.");
    }

    /// <summary>Where it is in the repository: <c>NAME/VERSION/HARDWARE/FILE</c>.</summary>
    public static string Path(string name, SemanticVersion version, IReadOnlyList<string> hardware, string file)
    {
        var place = hardware.Count == 0 ? "any" : hardware.Count == 1 ? hardware[0] : string.Create(CultureInfo.InvariantCulture, $"{hardware[0]}+{hardware.Count - 1}");
        return $"{name}/{version}/{place}/{FileName(file)}";
    }

    /// <summary>Letters, digits and <c>._+-</c>, so that it is the same on every mirror.</summary>
    private static string FileName(string file)
    {
        var name = string.Concat(System.IO.Path.GetFileName(file).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-' ? c : '_'));
        return name.Trim('.').Length > 0 ? name : "artifact";
    }
}
