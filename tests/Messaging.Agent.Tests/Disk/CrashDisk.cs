using System.Runtime.InteropServices;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Tests.Disk;

/// <summary>
/// A disk in memory that keeps a journal of everything that was done to it, from which <see cref="CrashModel"/> makes what a power cut
/// at any place would have left. It forgets what was not synced: contents until their file was, names until their folder was.
/// </summary>
internal sealed class CrashDisk : IDisk
{
    private readonly Dictionary<string, CrashInode> _names;
    private readonly HashSet<string> _folders;

    /// <param name="folder">Is there, and durable.</param>
    public CrashDisk(string folder)
        : this([], [".", folder])
    {
    }

    public CrashDisk(Dictionary<string, CrashInode> names, HashSet<string> folders)
    {
        _names = names;
        _folders = folders;
        Origin = new CrashImage(names.ToDictionary(pair => pair.Key, pair => (pair.Value, pair.Value.Content.ToArray())), [.. folders]);
    }

    /// <summary>What was there at first, all of it durable.</summary>
    public CrashImage Origin { get; }

    /// <summary>Everything that changed something or made it durable, in order.</summary>
    public List<CrashOperation> Journal { get; } = [];

    /// <summary>Operations so far: the clock of a test.</summary>
    public int Operations => Journal.Count;

    /// <summary>The process is killed before the operation after this many.</summary>
    public int KillAt { get; set; } = int.MaxValue;

    /// <summary>Asked before each operation that changes something; true makes it fail.</summary>
    public Func<string, bool>? Fail { get; set; }

    /// <summary>A broken medium: says that it synced, and did not.</summary>
    public bool IgnoresFileSync { get; init; }

    /// <summary>The same for folders.</summary>
    public bool IgnoresFolderSync { get; init; }

    public IReadOnlyCollection<string> Names => _names.Keys;

    public byte[] Content(string path) => [.. _names[path].Content];

    public void CreateDirectory(string path)
    {
        if (!_folders.Contains(path))
        {
            Begin("mkdir");
            _folders.Add(path);
            Journal.Add(new CrashOperation(CrashOperationKind.MakeFolder, path, null, null, 0, []));
        }
    }

    public IReadOnlyList<string> List(string directory) => _folders.Contains(directory)
        ? [.. _names.Keys.Where(name => CrashImage.FolderOf(name) == directory).Select(name => name[(directory.Length + 1)..])]
        : throw new DirectoryNotFoundException(directory);

    public bool Exists(string path) => _names.ContainsKey(path);

    public IDiskFile Open(string path, bool create)
    {
        if (!_names.TryGetValue(path, out var inode))
        {
            if (!create)
            {
                throw new FileNotFoundException(path);
            }

            if (!_folders.Contains(CrashImage.FolderOf(path)))
            {
                throw new DirectoryNotFoundException(path);
            }

            Begin("create");
            _names.Add(path, inode = new CrashInode([]));
            Journal.Add(new CrashOperation(CrashOperationKind.Create, path, null, inode, 0, []));
        }

        return new File(this, inode);
    }

    public void Delete(string path)
    {
        Begin("delete");
        if (_names.Remove(path, out var inode))
        {
            Journal.Add(new CrashOperation(CrashOperationKind.Delete, path, null, inode, 0, []));
        }
    }

    public void Rename(string from, string to)
    {
        Begin("rename");
        var inode = _names[from];
        _names.Remove(from);
        _names[to] = inode;
        Journal.Add(new CrashOperation(CrashOperationKind.Rename, from, to, inode, 0, []));
    }

    /// <summary>What the disk says of itself.</summary>
    public DiskSpace? Size { get; set; }

    public DiskSpace? Space(string path) => Size;

    public void SyncDirectory(string path)
    {
        Begin("syncdir");
        Journal.Add(new CrashOperation(IgnoresFolderSync ? CrashOperationKind.Nothing : CrashOperationKind.SyncFolder, path, null, null, 0, []));
    }

    private void Begin(string operation)
    {
        if (Operations >= KillAt)
        {
            throw new KilledException();
        }

        if (Fail?.Invoke(operation) == true)
        {
            throw new IOException("injected: " + operation);
        }
    }

    /// <summary>Kill -9: nothing of the process runs any more.</summary>
    internal sealed class KilledException : Exception;

    private sealed class File(CrashDisk disk, CrashInode inode) : IDiskFile
    {
        public long Length => inode.Content.Count;

        public int Read(long offset, Span<byte> buffer)
        {
            if (disk.Fail?.Invoke("read") == true)
            {
                throw new IOException("injected: read");
            }

            var count = (int)Math.Clamp(inode.Content.Count - offset, 0, buffer.Length);
            CollectionsMarshal.AsSpan(inode.Content).Slice((int)Math.Min(offset, inode.Content.Count), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            try
            {
                disk.Begin("write");
            }
            catch (IOException)
            {
                // A full disk takes some of it.
                Put(offset, data[..(data.Length / 3)]);
                throw;
            }

            Put(offset, data);
        }

        public void SetLength(long length)
        {
            disk.Begin("truncate");
            CrashImage.Resize(inode.Content, (int)length);
            disk.Journal.Add(new CrashOperation(CrashOperationKind.Resize, "", null, inode, length, []));
        }

        public void Sync()
        {
            try
            {
                disk.Begin("sync");
            }
            catch (IOException)
            {
                // fsync(2) tells of a failed write once, and the pages count as clean from then on.
                disk.Journal.Add(new CrashOperation(CrashOperationKind.FailedSync, "", null, inode, 0, []));
                throw;
            }

            disk.Journal.Add(new CrashOperation(disk.IgnoresFileSync ? CrashOperationKind.Nothing : CrashOperationKind.SyncFile, "", null, inode, 0, []));
        }

        public void Dispose()
        {
            // Closing syncs nothing.
        }

        private void Put(long offset, ReadOnlySpan<byte> data)
        {
            CrashImage.Put(inode.Content, (int)offset, data);
            disk.Journal.Add(new CrashOperation(CrashOperationKind.Write, "", null, inode, offset, data.ToArray()));
        }
    }
}
