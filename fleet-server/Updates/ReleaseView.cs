using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates;

/// <summary>A published release, as section 29 of the protocol has it.</summary>
/// <param name="Target">Its path in the repository: what an assignment names.</param>
/// <param name="Size">Bytes of the target.</param>
/// <param name="Sha256">Of the target.</param>
/// <param name="ContentSha256">Of what is installed.</param>
/// <param name="ContentSize">Bytes of what is installed.</param>
/// <param name="Deltas">SHA-256 of contents from which there is a delta.</param>
internal sealed record ReleaseView(
    string Target,
    string Kind,
    string Name,
    string Version,
    long Counter,
    IReadOnlyList<string> Hardware,
    IReadOnlyList<string> Requires,
    long Size,
    string Sha256,
    string ContentSha256,
    long ContentSize,
    bool Encrypted,
    IReadOnlyList<string> Deltas)
{
    public static ReleaseView Of(TargetFile target, Release release)
    {
        var sha256 = Convert.ToHexStringLower(target.Hashes.Sha256!);
        return new ReleaseView(
            target.Path,
            release.Kind,
            release.Name,
            release.Version.ToString(),
            release.Counter,
            release.Hardware,
            [.. release.Requires.Select(static one => $"{one.Name}>={one.Version}")],
            target.Length,
            sha256,
            release.ContentSha256 ?? sha256,
            release.ContentSha256 is null ? target.Length : release.ContentLength,
            release.IsEncrypted,
            [.. release.Deltas.Select(static delta => delta.From)]);
    }
}
