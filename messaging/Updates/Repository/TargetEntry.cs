using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>A target as it is listed.</summary>
/// <param name="Path">Relative, without parts that are empty, <c>.</c> or <c>..</c>.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Custom">What is said of it besides: an object in JSON; empty: nothing.</param>
public sealed record TargetEntry(string Path, long Length, string Sha256, ReadOnlyMemory<byte> Custom)
{
    /// <summary>As it is listed already; null when its SHA-256 is not.</summary>
    public static TargetEntry? Of(TargetFile target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Hashes.Sha256 is { } sha256 ? new TargetEntry(target.Path, target.Length, Convert.ToHexStringLower(sha256), target.Custom) : null;
    }

    /// <summary>Where it is in a repository with consistent snapshots: escaped, as in a URL, below <c>targets/</c>.</summary>
    public string FileName => TufNames.Target(Path, Sha256);

    internal TufJson Tree()
    {
        List<(string, TufJson)> members =
        [
            ("length", JsonTree.Number(Length)),
            ("hashes", JsonTree.Object(("sha256", JsonTree.Text(Sha256)))),
        ];
        if (!Custom.IsEmpty)
        {
            members.Add(("custom", TufJsonParser.Parse(Custom.Span, Path)));
        }

        return JsonTree.Object(members);
    }
}
