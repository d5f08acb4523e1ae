using Messaging.Agent.Disk;

namespace Messaging.Agent.Updates.State;

/// <summary>
/// What the agent keeps of updates, in a folder of its own: <c>update</c>, the one that is under way or was the last; <c>metadata/</c>, what it trusts of the
/// repository; of the one under way <c>fetched</c> (as it comes) and <c>content</c> (what is installed); and <c>shared/</c>, what is
/// kept for neighbours.
/// </summary>
internal sealed class UpdateStore
{
    private const uint Version = 1;
    private const int MaxBytes = 256 * 1024;
    private readonly IDisk _disk;
    private readonly string _folder;

    /// <exception cref="IOException">The medium failed.</exception>
    public UpdateStore(IDisk disk, string folder)
    {
        (_disk, _folder) = (disk, folder);
        disk.CreateDirectory(folder);
        disk.CreateDirectory(Metadata);
        disk.CreateDirectory(Shared);
        disk.SyncDirectory(folder);
        disk.SyncDirectory(Path.GetDirectoryName(folder)!);
        var found = SealedFile.TryRead(disk, RecordPath, Magic, Version, MaxBytes, out var content);
        Last = found == SealedFileState.Whole && UpdateRecordCodec.TryDecode(content, out var record) ? record : null;
        WasLost = found != SealedFileState.Missing && Last is null;
    }

    /// <summary>A file was there and is damaged: the helper knows what became of it.</summary>
    public bool WasLost { get; }

    /// <summary>The one that is under way, or the last one; null when there was none.</summary>
    public UpdateRecord? Last { get; private set; }

    public IDisk Disk => _disk;

    /// <summary>Where the repository's metadata is.</summary>
    public string Metadata => Path.Combine(_folder, "metadata");

    /// <summary>What is kept for neighbours.</summary>
    public string Shared => Path.Combine(_folder, "shared");

    /// <summary>What comes from the repository.</summary>
    public string Fetched => Path.Combine(_folder, "fetched");

    /// <summary>What is to be installed.</summary>
    public string Content => Path.Combine(_folder, "content");

    private static ReadOnlySpan<byte> Magic => "MSGUPDAT"u8;

    private string RecordPath => Path.Combine(_folder, "update");

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The old one is still in place.</exception>
    public void Keep(UpdateRecord record)
    {
        SealedFile.Write(_disk, RecordPath, Magic, Version, UpdateRecordCodec.Encode(record));
        Last = record;
    }

    /// <summary>What was fetched is not needed any more.</summary>
    /// <exception cref="IOException">Some of it may still be there.</exception>
    public void Clear()
    {
        foreach (var path in (ReadOnlySpan<string>)[Fetched, Content])
        {
            if (_disk.Exists(path))
            {
                _disk.Delete(path);
            }
        }

        _disk.SyncDirectory(_folder);
    }
}
