using Messaging.Agent.Disk;

namespace Messaging.Agent.Spool;

/// <summary>A new file of entries, which has its name only when all of it is synced.</summary>
internal sealed class EntryFileCopy : IDisposable
{
    private const string TemporarySuffix = ".new";
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly Taking _take;
    private readonly byte[] _chain = new byte[EntryFormat.ChainBytes];
    private IDiskFile? _file;
    private long _length;

    /// <param name="disk">Where.</param>
    /// <param name="path">The file whose place it takes.</param>
    /// <param name="magic">What the file is, 8 bytes.</param>
    /// <param name="take">Receives the open file when it is whole.</param>
    /// <exception cref="IOException">It cannot be begun.</exception>
    public EntryFileCopy(IDisk disk, string path, byte[] magic, Taking take)
    {
        (_disk, _path, _take) = (disk, path, take);
        _file = disk.Open(path + TemporarySuffix, create: true);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, magic, 0, _chain);
            _file.SetLength(0);
            _file.Write(0, header);
            _length = header.Length;
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
    }

    public delegate void Taking(IDiskFile file, long length, ReadOnlySpan<byte> chain);

    /// <summary>What <see cref="Add"/> writes.</summary>
    public EntryWriter Next { get; } = new();

    /// <summary>Writes <see cref="Next"/>.</summary>
    /// <exception cref="IOException">It is not written; the old file stays.</exception>
    public void Add()
    {
        var entry = Next.Finish(_chain, _length);
        _file!.Write(_length, entry);
        _length += entry.Length;
    }

    /// <summary>All of it is there, synced, and takes the old one's place.</summary>
    /// <exception cref="IOException">The old file stays, or nobody knows which of the two it is until the next start.</exception>
    public void Commit()
    {
        _file!.Sync();
        _disk.Rename(_path + TemporarySuffix, _path);
        _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
        _take(_file, _length, _chain);
        _file = null;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
