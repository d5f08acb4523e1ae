using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>A release as --json shows it.</summary>
/// <param name="State">published, added (waits to be published) or removed (goes with the next publication).</param>
/// <param name="Target">Its path in the repository.</param>
/// <param name="Size">Bytes of the target.</param>
/// <param name="Sha256">Of the target.</param>
/// <param name="ContentSha256">Of what is installed.</param>
/// <param name="Deltas">SHA-256 of contents from which there is a delta.</param>
internal sealed record ReleaseRow(
    string State,
    string Target,
    string Name,
    string Version,
    long Counter,
    string Kind,
    IReadOnlyList<string> Hardware,
    IReadOnlyList<string> Requires,
    long Size,
    string Sha256,
    string ContentSha256,
    bool Encrypted,
    IReadOnlyList<string> Deltas)
{
    public static ReleaseRow Of(string sign, TargetFile target, Release release)
    {
        var sha256 = target.Hashes.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : "";
        return new ReleaseRow(
            sign switch { "+" => "added", "-" => "removed", _ => "published" },
            target.Path,
            release.Name,
            release.Version.ToString(),
            release.Counter,
            release.Kind,
            release.Hardware,
            [.. release.Requires.Select(static one => $"{one.Name}>={one.Version}")],
            target.Length,
            sha256,
            release.ContentSha256 ?? sha256,
            release.IsEncrypted,
            [.. release.Deltas.Select(static one => one.From)]);
    }
}
