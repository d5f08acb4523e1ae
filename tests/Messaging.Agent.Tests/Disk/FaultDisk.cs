using Messaging.Agent.Disk;

namespace Messaging.Agent.Tests.Disk;

/// <summary>
/// A disk in memory that can fail, be cut off in the middle of any operation, and then forgets what was not synced: each write
/// since the last fsync may or may not be there, the last one possibly in part; so may each creation, renaming and deletion
/// since the folder was last synced.
/// </summary>
internal sealed class FaultDisk : IDisk
{
    private readonly Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private Dictionary<string, Node> _durableNames = new(StringComparer.Ordinal);

    /// <summary>Operations that change something, so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The power goes during the operation with this number.</summary>
    public int CutAt { get; set; } = int.MaxValue;

    /// <summary>Asked before each change; true makes it fail.</summary>
    public Func<string, bool>? Fail { get; set; }

    public void CreateDirectory(string path) => Check("mkdir");

    public IReadOnlyList<string> List(string directory) =>
        [.. _names.Keys.Where(name => name.StartsWith(directory + "/", StringComparison.Ordinal)).Select(name => name[(directory.Length + 1)..])];

    public bool Exists(string path) => _names.ContainsKey(path);

    public IDiskFile Open(string path, bool create)
    {
        if (!_names.TryGetValue(path, out var node))
        {
            if (!create)
            {
                throw new FileNotFoundException(path);
            }

            Change("create");
            _names.Add(path, node = new Node());
        }

        return new File(this, node);
    }

    public void Delete(string path)
    {
        Change("delete");
        _names.Remove(path);
    }

    public void Rename(string from, string to)
    {
        Change("rename");
        _names[to] = _names[from];
        _names.Remove(from);
    }

    public void SyncDirectory(string path)
    {
        Change("syncdir");
        _durableNames = new(_names, StringComparer.Ordinal);
    }

    /// <summary>What a new process finds after a power cut.</summary>
    public FaultDisk Reboot(Func<int, int> random)
    {
        var disk = new FaultDisk();

        // A journaling file system keeps changes of names in their order: some first part of them is there.
        foreach (var (name, node) in random(2) == 0 ? _names : _durableNames)
        {
            disk._names.Add(name, node.AfterPowerCut(random));
        }

        disk._durableNames = new(disk._names, StringComparer.Ordinal);
        return disk;
    }

    /// <summary>What a new process finds after kill -9: the kernel keeps what was written.</summary>
    public FaultDisk Restart()
    {
        var disk = new FaultDisk();
        foreach (var (name, node) in _names)
        {
            disk._names.Add(name, new Node { Content = [.. node.Content], Durable = [.. node.Content] });
        }

        disk._durableNames = new(disk._names, StringComparer.Ordinal);
        return disk;
    }

    public List<byte> Content(string path) => _names[path].Content;

    private void Check(string operation)
    {
        if (Fail?.Invoke(operation) == true)
        {
            throw new IOException("injected: " + operation);
        }
    }

    private bool Change(string operation)
    {
        Check(operation);
        if (++Operations >= CutAt)
        {
            throw new PowerCutException();
        }

        return true;
    }

    internal sealed class PowerCutException : Exception;

    private sealed class Node
    {
        public List<byte> Content { get; set; } = [];

        public List<byte> Durable { get; set; } = [];

        public List<Action<List<byte>>> Unsynced { get; } = [];

        public Node AfterPowerCut(Func<int, int> random)
        {
            var content = new List<byte>(Durable);
            var all = random(3) == 0;
            foreach (var change in Unsynced)
            {
                if (all || random(2) == 0)
                {
                    change(content);
                }
            }

            return new Node { Content = content, Durable = [.. content] };
        }
    }

    private sealed class File(FaultDisk disk, Node node) : IDiskFile
    {
        public long Length => node.Content.Count;

        public int Read(long offset, Span<byte> buffer)
        {
            disk.Check("read");
            var count = (int)Math.Clamp(node.Content.Count - offset, 0, buffer.Length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(node.Content).Slice((int)Math.Min(offset, node.Content.Count), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            var bytes = data.ToArray();
            try
            {
                disk.Change("write");
            }
            catch (FaultDisk.PowerCutException)
            {
                // Half of it may reach the medium.
                node.Unsynced.Add(content => Put(content, (int)offset, bytes.AsSpan(0, bytes.Length / 2)));
                throw;
            }
            catch (IOException)
            {
                // A full disk takes some of it.
                Put(node.Content, (int)offset, bytes.AsSpan(0, bytes.Length / 3));
                node.Unsynced.Add(content => Put(content, (int)offset, bytes.AsSpan(0, bytes.Length / 3)));
                throw;
            }

            Put(node.Content, (int)offset, bytes);
            node.Unsynced.Add(content => Put(content, (int)offset, bytes));
        }

        public void SetLength(long length)
        {
            disk.Change("truncate");
            Resize(node.Content, (int)length);
            node.Unsynced.Add(content => Resize(content, (int)length));
        }

        public void Sync()
        {
            disk.Change("sync");
            node.Durable = [.. node.Content];
            node.Unsynced.Clear();
        }

        public void Dispose()
        {
            // Closing syncs nothing.
        }

        private static void Resize(List<byte> content, int length)
        {
            if (content.Count > length)
            {
                content.RemoveRange(length, content.Count - length);
            }

            while (content.Count < length)
            {
                content.Add(0);
            }
        }

        private static void Put(List<byte> content, int offset, ReadOnlySpan<byte> bytes)
        {
            Resize(content, Math.Max(content.Count, offset + bytes.Length));
            bytes.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(content)[offset..]);
        }
    }
}
