using Messaging.Agent.Disk;
using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>
/// Files that the agent has taken: moved here, so that their old names are free again and nobody replaces them. What was said of a file is durable
/// before it is moved, and goes after it went.
/// </summary>
/// <param name="disk">Where the files are.</param>
/// <param name="sources">Opens them.</param>
/// <param name="folder">A file by its transfer's id, and beside it what was said of it.</param>
/// <param name="rejected">What is not sent, with the reason beside it.</param>
internal sealed class FileQueue(IDisk disk, ISources sources, string folder, string rejected)
{
    private const string AboutSuffix = ".about";
    private const uint Version = 1;
    private const int MaxAboutBytes = 512 * 1024;

    private static ReadOnlySpan<byte> Magic => "MSGABOUT"u8;

    /// <summary>Larger ones are rejected.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>Rejected ones that are kept, the newest; reasons count too.</summary>
    public int MaxRejected { get; init; } = RejectedFiles.MaxEntries;

    public string PathOf(TransferId id) => Path.Combine(folder, id.ToString());

    /// <summary>Takes a file. When it returns, the file and what was said of it survive a power cut.</summary>
    /// <param name="path">Where it is now.</param>
    /// <param name="about">Its manifest, as far as it is known without reading it.</param>
    /// <exception cref="IOException">It was not taken, or it is here and nobody can say whether it survives.</exception>
    public void Take(string path, FileManifest about)
    {
        using (var source = sources.Open(path))
        {
            source.Sync();
        }

        SealedFile.Write(disk, AboutPath(about.Id), Magic, Version, about.Encode());
        disk.Rename(path, PathOf(about.Id));
        disk.SyncDirectory(folder);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>What is here after a start. A file without words, or with damaged ones, is called by its id; words without a file go.</summary>
    /// <param name="isKnown">Whether something of the transfer is sealed: then its words stay, for they name it.</param>
    public List<FileManifest> Recover(Func<TransferId, bool> isKnown)
    {
        var found = new List<FileManifest>();
        foreach (var name in disk.List(folder))
        {
            var isAbout = name.EndsWith(AboutSuffix, StringComparison.Ordinal);
            if (!TransferId.TryParse(isAbout ? name[..^AboutSuffix.Length] : name, out var id))
            {
                // Half written words; nothing else of ours has another name.
                disk.Delete(Path.Combine(folder, name));
            }
            else if (!isAbout)
            {
                found.Add(ReadAbout(id) ?? new FileManifest(id, 0, FileManifest.MinChunkSize, new byte[32], id.ToString(), MediaType.Unknown, null, []));
            }
            else if (!disk.Exists(PathOf(id)) && !isKnown(id))
            {
                disk.Delete(Path.Combine(folder, name));
            }
        }

        return found;
    }

    /// <summary>What was said of a file; null when nothing is here, or it is damaged.</summary>
    public FileManifest? ReadAbout(TransferId id) =>
        SealedFile.TryRead(disk, AboutPath(id), Magic, Version, MaxAboutBytes, out var content) == SealedFileState.Whole
        && FileManifest.TryDecode(content, out var about) && about.Id == id ? about : null;

    /// <summary>The file is not needed any more.</summary>
    /// <exception cref="IOException">Some of it may still be here.</exception>
    public void Remove(TransferId id)
    {
        DeleteIfThere(PathOf(id));
        DeleteIfThere(AboutPath(id));
        disk.SyncDirectory(folder);
    }

    /// <summary>Moves a file to the rejected ones. Nothing happens when it is gone.</summary>
    public void Reject(TransferId id, string name, string reason)
    {
        if (disk.Exists(PathOf(id)))
        {
            RejectedFiles.Add(rejected, PathOf(id), name, reason, MaxRejected);
        }

        DeleteIfThere(AboutPath(id));
        disk.SyncDirectory(folder);
    }

    private string AboutPath(TransferId id) => PathOf(id) + AboutSuffix;

    private void DeleteIfThere(string path)
    {
        if (disk.Exists(path))
        {
            disk.Delete(path);
        }
    }
}
