using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Sessions;

namespace Messaging.Cli.Artifacts;

/// <summary>Brings artifacts to the server and from there, and says how far they are.</summary>
/// <param name="api">The server.</param>
/// <param name="progress">Hears it.</param>
internal sealed class ArtifactTransfer(FleetApi api, TransferProgress progress)
{
    /// <summary>Sends an artifact; what the server has of it already is not sent again.</summary>
    public async Task UploadAsync(HashedContent content, CancellationToken ct)
    {
        var there = await api.FindArtifactAsync(content.Name, ct);
        if (there?.Complete == true)
        {
            return;
        }

        await using var file = HashedContent.Open(content.Path);
        var from = there is { Size: > 0 } part && part.Size < content.Length ? part.Size : 0;
        progress.Begin(from, content.Length);
        try
        {
            await api.PutArtifactAsync(content.Name, file, from, progress.Report, ct);
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            throw new CliException($"{e.Message} The same command goes on with the upload where it was.", e.Code);
        }
        finally
        {
            progress.End();
        }
    }

    /// <summary>Fetches an artifact into a file that is not there yet.</summary>
    /// <exception cref="CliException">It is not what it should be.</exception>
    public async Task DownloadAsync(string sha256, long length, string to, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        progress.Begin(0, length);
        try
        {
            await api.CopyArtifactAsync(
                sha256,
                async piece =>
                {
                    if (file.Position + piece.Length > length)
                    {
                        throw new CliException($"The server sends more than the {length} bytes that artifact {sha256} has.");
                    }

                    hash.AppendData(piece.Span);
                    await file.WriteAsync(piece, ct);
                    progress.Report(file.Position);
                },
                ct);
        }
        finally
        {
            progress.End();
        }

        if (file.Position != length || Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
        {
            throw new CliException($"What the server sent is not artifact {sha256}: it is damaged there, or was changed on the way.");
        }
    }
}
