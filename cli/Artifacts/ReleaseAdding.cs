using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>Adds a release to what is to be signed: hashes, encrypts, makes deltas, uploads, and lists it. Broken off, it is done again.</summary>
/// <param name="session">The repository.</param>
/// <param name="skeleton">What is said of the release.</param>
/// <param name="progress">Hears how far it is.</param>
/// <param name="note">Hears what is done.</param>
/// <param name="scratch">For files in between.</param>
internal sealed class ReleaseAdding(RepositorySession session, Release skeleton, TransferProgress progress, Action<string> note, string scratch)
{
    private readonly ArtifactTransfer _transfer = new(session.Api, progress);
    private readonly List<(HashedContent File, TargetEntry Entry)> _files = [];

    /// <summary>Null: what follows from the others.</summary>
    public long? Counter { get; init; }

    /// <summary>What it and its deltas are encrypted with, and nothing else ever was; null: they are not.</summary>
    public byte[]? Key { get; init; }

    /// <summary>From what deltas are made.</summary>
    public IReadOnlyList<string> DeltaNames { get; init; } = [];

    /// <summary>From how many of the last releases.</summary>
    public int LastDeltas { get; init; }

    /// <exception cref="CliException">It is refused; what was uploaded stays at the server and is not sent again.</exception>
    public async Task RunAsync(string path, DateTimeOffset expires, CancellationToken ct)
    {
        var edit = TargetsEdit.Of(session);
        var others = NewRelease.Of(edit.From, skeleton.Name);
        var target = NewRelease.Path(skeleton.Name, skeleton.Version, skeleton.Hardware, path);
        if (edit.Entries.Any(entry => entry.Path == target) || others.Any(one => one.Release.Version.ToString() == skeleton.Version.ToString() && one.Release.Hardware.Intersect(skeleton.Hardware, StringComparer.Ordinal).Any()))
        {
            throw new CliException($"{skeleton.Name} {skeleton.Version} for {TargetWords.Hardware(skeleton)} is there already. Give it another version, or take that out: fleetctl artifact remove {skeleton.Name} {skeleton.Version}");
        }

        var release = With(skeleton, NewRelease.Counter(others, skeleton.Version, Counter), null, []);
        var content = await HashAsync(path, ct);
        var deltas = await DeltasAsync(edit, release, content, target, ct);
        release = With(skeleton, release.Counter, Key is null ? null : content, deltas);
        var file = await SealAsync(content, target, ct);
        _files.Add((file, new TargetEntry(target, file.Length, file.Name, ReleaseWriter.Write(release))));
        if (Key is not null)
        {
            // Before anything is there that only the key opens.
            await session.Api.PutReleaseKeyAsync(file.Name, Key, ct);
        }

        foreach (var (one, entry) in _files)
        {
            note($"Uploading {entry.Path}, {TransferProgress.Bytes(one.Length)}");
            await _transfer.UploadAsync(one, ct);
            edit.Add(entry);
        }

        await edit.PutAsync(expires, ct);
    }

    private static Release With(Release release, long counter, HashedContent? encrypted, IReadOnlyList<Release.DeltaSource> deltas) => new()
    {
        Kind = release.Kind,
        Name = release.Name,
        Version = release.Version,
        Counter = counter,
        Hardware = release.Hardware,
        Requires = release.Requires,
        ContentSha256 = encrypted?.Name,
        ContentLength = encrypted?.Length ?? 0,
        IsEncrypted = encrypted is not null,
        Deltas = deltas,
        Parameters = release.Parameters,
        Health = release.Health,
    };

    private async Task<HashedContent> HashAsync(string path, CancellationToken ct)
    {
        progress.Begin(0, new FileInfo(path).Length);
        try
        {
            return await HashedContent.ReadAsync(path, progress.Report, ct);
        }
        finally
        {
            progress.End();
        }
    }

    private async Task<IReadOnlyList<Release.DeltaSource>> DeltasAsync(TargetsEdit edit, Release release, HashedContent content, string target, CancellationToken ct)
    {
        var maker = new DeltaMaker(session, _transfer, progress, scratch);
        var sources = new List<Release.DeltaSource>();
        foreach (var origin in await DeltaMaker.OriginsAsync(NewRelease.Of(edit.From, release.Name), release, DeltaNames, LastDeltas, ct))
        {
            if (await maker.MakeAsync(origin, content, note, ct) is not { } made || sources.Exists(one => one.From == made.From.Name))
            {
                continue;
            }

            var path = $"{target[..target.LastIndexOf('/')]}/{made.From.Name}.delta";
            var file = await SealAsync(made.Delta, path, ct);
            sources.Add(new Release.DeltaSource(made.From.Name, path));
            _files.Add((file, new TargetEntry(path, file.Length, file.Name, ReleaseWriter.Delta())));
        }

        return sources;
    }

    /// <summary>What is uploaded: the content, or its encrypted form.</summary>
    private async Task<HashedContent> SealAsync(HashedContent content, string target, CancellationToken ct)
    {
        if (Key is null)
        {
            return content;
        }

        var path = Path.Combine(scratch, content.Name + ".sealed");
        await ContentSealing.SealAsync(content, Key, target, path, ct);
        return await HashedContent.ReadAsync(path, static _ => { }, ct);
    }
}
