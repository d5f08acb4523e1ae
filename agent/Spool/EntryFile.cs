using Messaging.Agent.Disk;

namespace Messaging.Agent.Spool;

/// <summary>
/// One file of entries (<see cref="EntryFormat"/>) that is appended to, and replaced as a whole when it has grown or nobody knows any more what is in it. Not thread-safe.
/// </summary>
/// <param name="disk">Where.</param>
/// <param name="path">The file.</param>
/// <param name="magic">What the file is, 8 bytes.</param>
/// <param name="replaceAbove">Bytes beyond which it is to be replaced.</param>
internal sealed class EntryFile(IDisk disk, string path, byte[] magic, int replaceAbove) : IDisposable
{
    private readonly byte[] _chain = new byte[EntryFormat.ChainBytes];
    private IDiskFile? _file;
    private long _length;
    private long _durable;

    /// <summary>An entry that was not written whole may be beyond <see cref="_length"/>.</summary>
    private bool _hasTail;

    /// <summary>What <see cref="Append"/> writes.</summary>
    public EntryWriter Next { get; } = new();

    /// <summary>Nothing can be appended before <see cref="Replace"/>.</summary>
    public bool MustBeReplaced => _file is null || _length > replaceAbove;

    /// <summary>Opens the file and finds its entries; null when there is none. What comes after <paramref name="maxBytes"/> is not read.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public EntryFileContent? Open(int maxBytes)
    {
        if (!disk.Exists(path))
        {
            return null;
        }

        _file = disk.Open(path, create: false);
        var length = _file.Length;
        var bytes = new byte[Math.Min(length, maxBytes)];
        var read = _file.Read(0, bytes);
        var header = SegmentHeader.TryRead(bytes, magic, 0, out var chain);
        var scan = SegmentScan.Run(bytes.AsSpan(0, read), chain);
        scan.CutUnsynced(bytes);
        scan.Chain.CopyTo(_chain, 0);
        _length = _durable = scan.End;
        _hasTail = length > _length;
        return new EntryFileContent(bytes, scan, header == SealedFileState.Whole);
    }

    /// <summary>
    /// What a process that was killed had written and not synced counts from now on: a power cut must not take it back. Written anew,
    /// because a sync that failed before the kill leaves pages that no later sync writes.
    /// </summary>
    public void Settle(EntryFileContent content)
    {
        var (bytes, scan) = (content.Bytes, content.Scan);
        var settled = (int)Math.Min(scan.Durable, scan.End);
        if (settled == scan.End)
        {
            return;
        }

        try
        {
            _file!.Write(settled, bytes.AsSpan(settled, scan.End - settled));
            _file.Sync();
        }
        catch (IOException)
        {
            // A disk that takes nothing now: whatever changes next has to write all of it, and says so if it cannot.
            Distrust();
        }
    }

    /// <summary>The next change writes a whole new file.</summary>
    public void Distrust() => _length = long.MaxValue;

    /// <summary>Writes <see cref="Next"/>, which a power cut takes until <see cref="Sync"/>.</summary>
    /// <exception cref="IOException">It is not written.</exception>
    public void Append() => Append(andSync: false);

    /// <summary>Writes <see cref="Next"/> and syncs it.</summary>
    /// <exception cref="IOException">It is not written.</exception>
    public void AppendDurably() => Append(andSync: true);

    /// <summary>What was appended is on the disk when this returns.</summary>
    /// <exception cref="IOException">It may not be; the file must be replaced.</exception>
    public void Sync()
    {
        if (_durable == _length)
        {
            return;
        }

        try
        {
            _file!.Sync();
        }
        catch (IOException)
        {
            // What a failed sync leaves no later one writes.
            Distrust();
            throw;
        }

        _durable = _length;
    }

    /// <summary>Begins a new file, which takes the place of this one when it is whole (<see cref="EntryFileCopy.Commit"/>).</summary>
    /// <exception cref="IOException">It cannot be begun; the old one stays.</exception>
    public EntryFileCopy Replace() => new(disk, path, magic, Take);

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Append(bool andSync)
    {
        if (_hasTail)
        {
            _file!.SetLength(_length);
            _hasTail = false;
        }

        Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
        _chain.CopyTo(chain);
        var entry = Next.Finish(chain, _durable);
        _hasTail = true;
        _file!.Write(_length, entry);
        if (andSync)
        {
            _file.Sync();
        }

        _hasTail = false;
        _length += entry.Length;
        _durable = andSync ? _length : _durable;
        chain.CopyTo(_chain);
    }

    private void Take(IDiskFile file, long length, ReadOnlySpan<byte> chain)
    {
        _file?.Dispose();
        _file = file;
        _length = _durable = length;
        _hasTail = false;
        chain.CopyTo(_chain);
    }
}
