using System.Buffers.Text;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Processes;

/// <summary>Walks /proc; a process costs memory when it appears, not each time that it is seen.</summary>
internal sealed unsafe class ProcessTable(KernelRoot root)
{
    private readonly KernelPath _folder = new(root.Proc);
    private readonly KernelReader _reader = new();
    private readonly byte[] _path = new byte[root.Proc.Length * 4 + 64];
    private readonly Dictionary<int, ProcessEntry> _entries = [];
    private readonly List<int> _gone = [];
    private long _generation;

    public Dictionary<int, ProcessEntry>.ValueCollection Entries => _entries.Values;

    public long Generation => _generation;

    public ProcessStates States { get; private set; }

    /// <summary>Sees every process once.</summary>
    /// <exception cref="IOException">/proc cannot be listed.</exception>
    public void Scan(CancellationToken ct)
    {
        nint directory;
        fixed (byte* path = _folder.Bytes)
        {
            directory = LibC.OpenDir(path);
        }

        if (directory == 0)
        {
            throw new IOException($"{_folder.Text} cannot be listed");
        }

        _generation++;
        var states = default(ProcessStates);
        try
        {
            for (var entry = LibC.ReadDir(directory); entry is not null; entry = LibC.ReadDir(directory))
            {
                ct.ThrowIfCancellationRequested();
                var name = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry->Name);
                if (Utf8Parser.TryParse(name, out int id, out var used) && used == name.Length)
                {
                    See(id, name, ref states);
                }
            }
        }
        finally
        {
            _ = LibC.CloseDir(directory);
        }

        Forget();
        States = states;
    }

    private void See(int id, ReadOnlySpan<byte> name, ref ProcessStates states)
    {
        // It may have ended since it was listed.
        if (!_reader.TryRead(ProcessFile(name, "/stat\0"u8), out var text, out _) || !ProcessStat.TryParse(text, out var stat, out _))
        {
            return;
        }

        states = states.Count(stat.State);
        if (!_entries.TryGetValue(id, out var entry) || entry.StartTicks != stat.StartTicks)
        {
            // Whatever a new process has used, it used since the last time.
            entry = new ProcessEntry(id, stat.StartTicks) { TicksUsed = _generation > 1 ? stat.Ticks : -1 };
            _entries[id] = entry;
        }
        else
        {
            entry.TicksUsed = Math.Max(0, stat.Ticks - entry.Ticks);
        }

        entry.Ticks = stat.Ticks;
        entry.ResidentPages = stat.ResidentPages;
        entry.Generation = _generation;
    }

    /// <summary>The executable's file name, or the command's name where there is none (kernel threads, other users' processes).</summary>
    public string ExecutableName(ProcessEntry entry)
    {
        Span<byte> digits = stackalloc byte[16];
        Utf8Formatter.TryFormat(entry.Id, digits, out var length);
        var name = digits[..length];
        Span<byte> target = stackalloc byte[1024];
        nint size;
        fixed (byte* path = ProcessFile(name, "/exe\0"u8))
        fixed (byte* buffer = target)
        {
            size = LibC.ReadLink(path, buffer, target.Length);
        }

        if (size > 0)
        {
            var text = System.Text.Encoding.UTF8.GetString(target[..(int)size]);
            const string Deleted = " (deleted)";
            return Path.GetFileName(text.EndsWith(Deleted, StringComparison.Ordinal) ? text[..^Deleted.Length] : text);
        }

        return _reader.TryRead(ProcessFile(name, "/stat\0"u8), out var stat, out _) && ProcessStat.TryParse(stat, out _, out var command)
            ? System.Text.Encoding.UTF8.GetString(command)
            : "?";
    }

    private ReadOnlySpan<byte> ProcessFile(ReadOnlySpan<byte> id, ReadOnlySpan<byte> file)
    {
        var folder = _folder.Bytes.AsSpan(0, _folder.Bytes.Length - 1);
        folder.CopyTo(_path);
        _path[folder.Length] = (byte)'/';
        id.CopyTo(_path.AsSpan(folder.Length + 1));
        file.CopyTo(_path.AsSpan(folder.Length + 1 + id.Length));
        return _path.AsSpan(0, folder.Length + 1 + id.Length + file.Length);
    }

    private void Forget()
    {
        _gone.Clear();
        foreach (var (id, entry) in _entries)
        {
            if (entry.Generation != _generation)
            {
                _gone.Add(id);
            }
        }

        foreach (var id in _gone)
        {
            _entries.Remove(id);
        }
    }
}
