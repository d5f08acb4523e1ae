using Messaging.Cli.Sessions;
using Messaging.Cli.Storage;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>Writes a repository as static files. What exists already is overwritten by nothing but the timestamp, which comes last: who reads meanwhile sees the old or the new.</summary>
/// <param name="session">Where it is.</param>
/// <param name="folder">Gets it.</param>
/// <param name="progress">Hears how far it is.</param>
internal sealed class RepositoryMirror(RepositorySession session, string folder, TransferProgress progress) : ITufFetcher, ITufStore
{
    private const string Timestamp = "timestamp.json";
    private static readonly ITufScheme[] Schemes = [new P256Scheme()];

    /// <summary>Metadata by its names in URLs, in the order in which a client asks for it.</summary>
    private readonly List<(string Name, byte[] Content)> _fetched = [];
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal) { [RepositorySession.RootRole] = session.Trust!.Roots[0] };

    /// <summary>How many artifacts were fetched, and their bytes.</summary>
    /// <exception cref="Messaging.Updates.TufException">A device would refuse it.</exception>
    public async Task<(int Files, long Bytes)> WriteAsync(CancellationToken ct)
    {
        var client = new TufClient(new TufOptions(this, this, Schemes, TimeProvider.System));
        await client.RefreshAsync(ct);
        var targets = TargetsMetadata.Parse(_fetched[^1].Content);
        var (files, bytes) = (0, 0L);
        foreach (var target in TargetWords.All(targets))
        {
            var path = Place("targets", Uri.UnescapeDataString(TargetEntry.Of(target)!.FileName));
            if (new FileInfo(path) is not { Exists: true } file || file.Length != target.Length)
            {
                await FetchAsync(target, path, ct);
                files++;
                bytes += target.Length;
            }
        }

        for (var i = 0; i < session.Roots.Count; i++)
        {
            WriteMetadata($"{i + 1}.root.json", session.Roots[i]);
        }

        foreach (var (name, content) in _fetched.Where(static one => one.Name != Timestamp).Concat(_fetched.Where(static one => one.Name == Timestamp)))
        {
            WriteMetadata(name, content);
        }

        return (files, bytes);
    }

    async Task<Stream?> ITufFetcher.OpenAsync(TufRequest request, CancellationToken cancellation)
    {
        if (request.IsTarget)
        {
            throw new NotSupportedException("Artifacts are not held in memory.");
        }

        if (await session.Api.FindRepositoryFileAsync($"metadata/{request.Path}", cancellation) is not { } content)
        {
            return null;
        }

        _fetched.Add((request.Path, content));
        return new MemoryStream(content, writable: false);
    }

    byte[]? ITufStore.Load(string name, int maxBytes) => _kept.GetValueOrDefault(name);

    void ITufStore.Replace(string name, ReadOnlySpan<byte> content) => _kept[name] = content.ToArray();

    void ITufStore.Delete(string name) => _kept.Remove(name);

    private string Place(string part, string path)
    {
        var place = Path.Combine([folder, part, .. path.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return place;
    }

    private void WriteMetadata(string name, byte[] content) => DurableFile.ReplacePublic(Place("metadata", name), content);

    private async Task FetchAsync(TargetFile target, string path, CancellationToken ct)
    {
        using var verifier = new TargetVerifier(target);
        using var file = new PublicFile(path);
        progress.Begin(0, target.Length);
        try
        {
            await session.Api.CopyRepositoryFileAsync(
                "targets/" + TargetEntry.Of(target)!.FileName,
                async piece =>
                {
                    verifier.Append(piece.Span);
                    await file.Stream.WriteAsync(piece, ct);
                    progress.Report(verifier.Length);
                },
                ct);
        }
        finally
        {
            progress.End();
        }

        verifier.Finish();
        file.Finish();
    }
}
