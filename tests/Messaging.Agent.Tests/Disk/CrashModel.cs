using System.Runtime.InteropServices;

namespace Messaging.Agent.Tests.Disk;

/// <summary>
/// Walks along a <see cref="CrashDisk"/>'s journal and knows at each place what is durable, and what a power cut may or may not have left:
/// of contents in any order, in part, torn inside a sector, or as zeros or old bytes where the length is new; of names each by itself.
/// </summary>
internal sealed class CrashModel(CrashDisk disk)
{
    private const int Sector = 512;
    private readonly Dictionary<string, CrashInode> _names = disk.Origin.Files.ToDictionary(pair => pair.Key, pair => pair.Value.Inode);
    private readonly HashSet<string> _folders = [.. disk.Origin.Folders];
    private readonly Dictionary<CrashInode, Contents> _contents = disk.Origin.Files.Values.ToDictionary(file => file.Inode, file => new Contents(file.Content));
    private readonly List<CrashOperation> _pendingNames = [];
    private readonly List<CrashOperation> _pending = [];

    /// <summary>How much of the journal has happened.</summary>
    public int Position { get; private set; }

    /// <summary>What has happened and is not durable, in order.</summary>
    public IReadOnlyList<CrashOperation> Pending => _pending;

    public void Step()
    {
        var operation = disk.Journal[Position++];
        switch (operation.Kind)
        {
            case CrashOperationKind.SyncFile:
                if (_contents.TryGetValue(operation.Inode!, out var synced))
                {
                    synced.Sync(operation.Inode!, _pending);
                }

                break;

            case CrashOperationKind.FailedSync:
                if (_contents.TryGetValue(operation.Inode!, out var failed))
                {
                    failed.Abandon();
                }

                break;

            case CrashOperationKind.SyncFolder:
                foreach (var name in _pendingNames.Where(name => name.Folder == operation.Path).ToArray())
                {
                    Apply(name, _names, _folders);
                    _pendingNames.Remove(name);
                    _pending.Remove(name);
                }

                break;

            case CrashOperationKind.Nothing:
                break;

            default:
                Add(operation);
                break;
        }
    }

    /// <summary>The next operation, if it changes something: it may have reached the medium when the power goes while it is done.</summary>
    public CrashOperation? InFlight => Position < disk.Journal.Count && disk.Journal[Position] is { } next && (next.IsOfNames || next.IsOfContent) ? next : null;

    /// <summary>What a new boot finds.</summary>
    /// <param name="fate">What became of each operation that is not durable.</param>
    /// <param name="withInFlight">Also of the one on its way.</param>
    public CrashDisk Cut(Func<CrashOperation, int, CrashFate> fate, bool withInFlight)
    {
        var fates = new Dictionary<CrashOperation, CrashFate>();
        for (var i = 0; i < _pending.Count; i++)
        {
            fates[_pending[i]] = fate(_pending[i], i);
        }

        var inFlight = withInFlight ? InFlight : null;
        if (inFlight is not null)
        {
            fates[inFlight] = fate(inFlight, _pending.Count);
        }

        var names = new Dictionary<string, CrashInode>(_names);
        var folders = new HashSet<string>(_folders);
        foreach (var operation in inFlight is { IsOfNames: true } ? _pendingNames.Append(inFlight) : _pendingNames)
        {
            if (fates[operation].Kind != CrashFateKind.Lost)
            {
                Apply(operation, names, folders);
            }
        }

        var found = new Dictionary<string, CrashInode>();
        foreach (var (name, inode) in names)
        {
            if (folders.Contains(CrashImage.FolderOf(name)))
            {
                found.Add(name, new CrashInode(Content(inode, fates, inFlight)));
            }
        }

        return new CrashDisk(found, folders);
    }

    private List<byte> Content(CrashInode inode, Dictionary<CrashOperation, CrashFate> fates, CrashOperation? inFlight)
    {
        var content = new List<byte>();
        if (_contents.TryGetValue(inode, out var known))
        {
            content.AddRange(known.Durable);
            foreach (var (operation, isDurable) in known.Since)
            {
                Apply(operation, isDurable ? CrashFate.Whole : fates[operation], content);
            }
        }

        if (inFlight is { IsOfContent: true } && inFlight.Inode == inode)
        {
            Apply(inFlight, fates[inFlight], content);
        }

        return content;
    }

    private static void Apply(CrashOperation operation, Dictionary<string, CrashInode> names, HashSet<string> folders)
    {
        switch (operation.Kind)
        {
            case CrashOperationKind.MakeFolder:
                folders.Add(operation.Path);
                break;

            case CrashOperationKind.Create:
                names[operation.Path] = operation.Inode!;
                break;

            case CrashOperationKind.Delete when names.GetValueOrDefault(operation.Path) == operation.Inode:
                names.Remove(operation.Path);
                break;

            case CrashOperationKind.Rename:
                if (names.GetValueOrDefault(operation.Path) == operation.Inode)
                {
                    names.Remove(operation.Path);
                }

                names[operation.To!] = operation.Inode!;
                break;
        }
    }

    private static void Apply(CrashOperation operation, CrashFate fate, List<byte> content)
    {
        var offset = (int)operation.Offset;
        if (operation.Kind == CrashOperationKind.Resize)
        {
            if (fate.Kind != CrashFateKind.Lost)
            {
                CrashImage.Resize(content, offset);
            }

            return;
        }

        var data = operation.Data;
        var before = content.Count;
        switch (fate.Kind)
        {
            case CrashFateKind.Whole:
                CrashImage.Put(content, offset, data);
                break;

            case CrashFateKind.Torn:
                CrashImage.Put(content, offset, data.AsSpan(0, fate.Below(data.Length)));
                break;

            case CrashFateKind.Zeros:
                CrashImage.Resize(content, Math.Max(before, offset + data.Length));
                break;

            case CrashFateKind.OldBytes:
                CrashImage.Resize(content, Math.Max(before, offset + data.Length));
                for (var at = Math.Max(before, offset); at < content.Count; at++)
                {
                    content[at] = (byte)fate.Below(256);
                }

                break;

            case CrashFateKind.Sectors:
                CrashImage.Resize(content, Math.Max(before, offset + data.Length));
                for (var at = 0; at < data.Length;)
                {
                    var end = Math.Min(data.Length, at + Sector - ((offset + at) % Sector));
                    var left = fate.Below(4) switch { 0 => 0, 1 => fate.Below(end - at), _ => end - at };
                    data.AsSpan(at, left).CopyTo(CollectionsMarshal.AsSpan(content)[(offset + at)..]);
                    at = end;
                }

                break;
        }
    }

    private void Add(CrashOperation operation)
    {
        _pending.Add(operation);
        if (operation.IsOfNames)
        {
            _pendingNames.Add(operation);
            return;
        }

        if (!_contents.TryGetValue(operation.Inode!, out var contents))
        {
            _contents.Add(operation.Inode!, contents = new Contents([]));
        }

        contents.Add(operation);
    }

    /// <summary>A file's bytes on the medium, and what was done to them since.</summary>
    private sealed class Contents(byte[] durable)
    {
        private readonly HashSet<CrashOperation> _abandoned = [];
        private long _length = durable.Length;

        public List<byte> Durable { get; } = [.. durable];

        public List<(CrashOperation Operation, bool IsDurable)> Since { get; } = [];

        public void Add(CrashOperation operation)
        {
            Since.Add((operation, false));
            _length = operation.Kind == CrashOperationKind.Resize ? operation.Offset : Math.Max(_length, operation.Offset + operation.Data.Length);
        }

        public void Sync(CrashInode inode, List<CrashOperation> pending)
        {
            for (var i = 0; i < Since.Count; i++)
            {
                if (!_abandoned.Contains(Since[i].Operation))
                {
                    pending.Remove(Since[i].Operation);
                    Since[i] = (Since[i].Operation, true);
                }
            }

            if (Since.Any(item => !item.IsDurable))
            {
                // Whatever became of given-up bytes: the length is the inode's, and that is synced.
                Since.Add((new CrashOperation(CrashOperationKind.Resize, "", null, inode, _length, []), true));
            }

            while (Since.Count > 0 && Since[0].IsDurable)
            {
                Apply(Since[0].Operation, CrashFate.Whole, Durable);
                Since.RemoveAt(0);
            }
        }

        /// <summary>No later sync writes what a failed one gave up.</summary>
        public void Abandon() => _abandoned.UnionWith(
            Since.Where(item => !item.IsDurable && item.Operation.Kind == CrashOperationKind.Write).Select(item => item.Operation));
    }
}
