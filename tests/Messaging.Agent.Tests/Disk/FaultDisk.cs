using System.Runtime.InteropServices;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Tests.Disk;

/// <summary>A disk in memory that can fail, and whose process can be killed. For power cuts there is <see cref="CrashDisk"/>.</summary>
internal sealed class FaultDisk : IDisk
{
    private readonly Dictionary<string, List<byte>> _files = new(StringComparer.Ordinal);

    /// <summary>Asked before each operation; true makes it fail.</summary>
    public Func<string, bool>? Fail { get; set; }

    public void CreateDirectory(string path) => Check("mkdir");

    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Where(name => name.StartsWith(directory + "/", StringComparison.Ordinal)).Select(name => name[(directory.Length + 1)..])];

    public bool Exists(string path) => _files.ContainsKey(path);

    public IDiskFile Open(string path, bool create)
    {
        if (!_files.TryGetValue(path, out var content))
        {
            if (!create)
            {
                throw new FileNotFoundException(path);
            }

            Check("create");
            _files.Add(path, content = []);
        }

        return new File(this, content);
    }

    public void Delete(string path)
    {
        Check("delete");
        _files.Remove(path);
    }

    public void Rename(string from, string to)
    {
        Check("rename");
        _files[to] = _files[from];
        _files.Remove(from);
    }

    /// <summary>What the disk says of itself.</summary>
    public DiskSpace? Size { get; set; }

    public DiskSpace? Space(string path) => Size;

    public void SyncDirectory(string path) => Check("syncdir");

    /// <summary>What a new process finds after kill -9: the kernel keeps what was written.</summary>
    public FaultDisk Restart()
    {
        var disk = new FaultDisk();
        foreach (var (name, content) in _files)
        {
            disk._files.Add(name, [.. content]);
        }

        return disk;
    }

    public List<byte> Content(string path) => _files[path];

    private void Check(string operation)
    {
        if (Fail?.Invoke(operation) == true)
        {
            throw new IOException("injected: " + operation);
        }
    }

    private sealed class File(FaultDisk disk, List<byte> content) : IDiskFile
    {
        public long Length => content.Count;

        public int Read(long offset, Span<byte> buffer)
        {
            disk.Check("read");
            var count = (int)Math.Clamp(content.Count - offset, 0, buffer.Length);
            CollectionsMarshal.AsSpan(content).Slice((int)Math.Min(offset, content.Count), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            try
            {
                disk.Check("write");
            }
            catch (IOException)
            {
                // A full disk takes some of it.
                CrashImage.Put(content, (int)offset, data[..(data.Length / 3)]);
                throw;
            }

            CrashImage.Put(content, (int)offset, data);
        }

        public void SetLength(long length)
        {
            disk.Check("truncate");
            CrashImage.Resize(content, (int)length);
        }

        public void Sync() => disk.Check("sync");

        public void Dispose()
        {
            // There is nothing behind it.
        }
    }
}
