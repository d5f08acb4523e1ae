using System.Globalization;
using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Updates.Deltas;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>Makes deltas of a new release from what devices may have.</summary>
/// <param name="session">Where older releases are.</param>
/// <param name="transfer">Fetches them.</param>
/// <param name="progress">Hears how far it is.</param>
/// <param name="folder">For files in between.</param>
internal sealed class DeltaMaker(RepositorySession session, ArtifactTransfer transfer, TransferProgress progress, string folder)
{
    /// <summary>A delta that is hardly smaller saves nothing and costs the device time.</summary>
    private const double WorthIt = 0.9;

    /// <summary>The sources that are named, and the last releases for the same hardware.</summary>
    /// <param name="releases">Of the component, newest first.</param>
    /// <param name="release">The new one.</param>
    /// <param name="named">Versions and files.</param>
    /// <param name="last">How many of the last ones besides.</param>
    /// <exception cref="CliException">One of them is not there.</exception>
    public static async Task<IReadOnlyList<DeltaOrigin>> OriginsAsync(
        IReadOnlyList<(TargetFile Target, Release Release)> releases, Release release, IReadOnlyList<string> named, int last, CancellationToken ct)
    {
        var older = releases.Where(one => one.Release.Counter < release.Counter && one.Release.Hardware.ToHashSet(StringComparer.Ordinal).SetEquals(release.Hardware)).ToList();
        var origins = new List<DeltaOrigin>();
        foreach (var name in named)
        {
            if (older.FirstOrDefault(one => one.Release.Version.ToString() == name) is { Release: not null } version)
            {
                origins.Add(new DeltaOrigin(name, null, version.Target, version.Release));
            }
            else if (File.Exists(name))
            {
                origins.Add(new DeltaOrigin(Path.GetFileName(name), await HashedContent.ReadAsync(name, static _ => { }, ct), null, null));
            }
            else
            {
                throw new CliException(
                    $"--delta-from {name}: there is neither such a file nor an older release {name} of {release.Name} for {TargetWords.Hardware(release)}. There are: "
                    + (older.Count == 0 ? "none." : string.Join(", ", older.Select(static one => one.Release.Version)) + "."));
            }
        }

        origins.AddRange(older.DistinctBy(static one => one.Release.Version.ToString()).Take(last)
            .Where(one => !named.Contains(one.Release.Version.ToString())).Select(static one => new DeltaOrigin(one.Release.Version.ToString(), null, one.Target, one.Release)));
        return origins;
    }

    /// <summary>Makes one. Null when it is not worth it, or makes nothing new.</summary>
    /// <param name="origin">From what.</param>
    /// <param name="content">The new content.</param>
    /// <param name="note">Hears what became of it.</param>
    public async Task<(HashedContent From, HashedContent Delta)?> MakeAsync(DeltaOrigin origin, HashedContent content, Action<string> note, CancellationToken ct)
    {
        var from = origin.File ?? await FetchAsync(origin, ct);
        if (from.Name == content.Name)
        {
            note($"{origin.Name} is the same content: no delta");
            return null;
        }

        var path = Path.Combine(folder, from.Name + ".delta");
        note($"Making a delta from {origin.Name}, {TransferProgress.Bytes(from.Length)}");
        progress.Begin(0, content.Length);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await DeltaWriter.WriteAsync(from.Path, content.Path, file, new Reporting(progress), ct);
        }
        finally
        {
            progress.End();
        }

        var delta = await HashedContent.ReadAsync(path, static _ => { }, ct);
        var share = string.Create(CultureInfo.InvariantCulture, $"{TransferProgress.Bytes(delta.Length)}, {100.0 * delta.Length / Math.Max(1, content.Length):0.#} % of the whole");
        if (delta.Length > content.Length * WorthIt)
        {
            note($"The delta from {origin.Name} would have {share}: left out");
            return null;
        }

        note($"The delta from {origin.Name} has {share}");
        return (from, delta);
    }

    /// <summary>The content of an older release.</summary>
    private async Task<HashedContent> FetchAsync(DeltaOrigin origin, CancellationToken ct)
    {
        var (target, release) = (origin.Target!, origin.Release!);
        var sha256 = Convert.ToHexStringLower(target.Hashes.Sha256!);
        var path = Path.Combine(folder, sha256);
        await transfer.DownloadAsync(sha256, target.Length, path, ct);
        if (!release.IsEncrypted)
        {
            return new HashedContent(path, target.Length, target.Hashes.Sha256!);
        }

        var key = await session.Api.FindReleaseKeyAsync(sha256, ct)
            ?? throw new CliException($"The server does not have the key of {release.Name} {release.Version}, which is encrypted: give its content as --delta-from FILE, or --deltas 0.");
        var opened = path + ".content";
        if (!await ContentSealing.TryOpenAsync(path, key, target.Path, opened, ct))
        {
            throw new CliException($"The key that the server has of {release.Name} {release.Version} does not open it.");
        }

        var content = await HashedContent.ReadAsync(opened, static _ => { }, ct);
        return content.Name == release.ContentSha256 ? content : throw new CliException($"What {release.Name} {release.Version} decrypts to is not its content.");
    }

    private sealed class Reporting(TransferProgress progress) : IProgress<DeltaProgress>
    {
        public void Report(DeltaProgress value) => progress.Report(value.NewBytes);
    }
}
