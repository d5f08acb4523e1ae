using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Agent.Spool;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>
/// What was ordered and how far it is, on disk before anything happens: a command runs at most once, whatever crashes. Appends
/// entries to one file and rewrites it when it has grown. Thread-safe. Each change is durable when its method returns.
/// </summary>
internal sealed class CommandJournal : IDisposable
{
    private const int MaxFileBytes = 16 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly int _keep;
    private readonly int _rewriteBytes;
    private readonly EntryWriter _writer = new();
    private readonly Dictionary<CommandId, JournaledCommand> _commands = [];
    private readonly List<CommandId> _order = [];
    private readonly CancellationIndex _cancellations = new();
    private readonly Dictionary<PrincipalId, ulong> _floors = [];

    /// <summary>Of commands that several sign: they take longer, and the issuer's own must not overtake them.</summary>
    private readonly Dictionary<PrincipalId, ulong> _jointFloors = [];
    private readonly byte[] _chain = new byte[EntryFormat.ChainBytes];
    private IDiskFile? _file;
    private long _length;
    private bool _hasTail;

    /// <summary>Reads what is there; see <see cref="DamagedBytes"/>.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="keep">How many finished commands are remembered.</param>
    /// <param name="rewriteBytes">The file is rewritten beyond this size.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CommandJournal(IDisk disk, string path, int keep = 256, int rewriteBytes = 1024 * 1024)
    {
        _disk = disk;
        _path = path;
        _keep = keep;
        _rewriteBytes = rewriteBytes;
        Load();
    }

    /// <summary>Bytes that were not what had been written; the last entry of a power cut is not among them.</summary>
    public long DamagedBytes { get; private set; }

    private static ReadOnlySpan<byte> Magic => "MSGJOURN"u8;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<JournaledCommand> Unfinished
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Select(id => _commands[id]).Where(command => !command.State.IsFinal())];
            }
        }
    }

    /// <summary>Those that wait for their maintenance window, in the order in which they came.</summary>
    public IReadOnlyList<JournaledCommand> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Select(id => _commands[id]).Where(command => command.Waits)];
            }
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<JournaledCommand> Newest(int count)
    {
        lock (_gate)
        {
            return [.. Enumerable.Reverse(_order).Take(count).Select(id => _commands[id])];
        }
    }

    /// <summary>Those that were accepted, and cancel this one.</summary>
    public IReadOnlyList<CommandContent> CancellationsOf(CommandId id)
    {
        lock (_gate)
        {
            return _cancellations.Of(id);
        }
    }

    public bool TryGet(CommandId id, out JournaledCommand command)
    {
        lock (_gate)
        {
            return _commands.TryGetValue(id, out command!);
        }
    }

    /// <summary>The highest sequence number that was accepted from this issuer; 0 for none.</summary>
    /// <param name="issuer">Who issued them.</param>
    /// <param name="joint">Of those that several signed, which have numbers of their own.</param>
    public ulong Floor(PrincipalId issuer, bool joint = false)
    {
        lock (_gate)
        {
            return Floors(joint).GetValueOrDefault(issuer);
        }
    }

    /// <summary>Null when the command is known already or not above its issuer's floor.</summary>
    /// <param name="delivery">The command as it came.</param>
    /// <param name="bootId">This boot.</param>
    /// <param name="unixMs">The time, if it is known.</param>
    /// <param name="waitsFor">What it waits for before it may run, for people; null: nothing.</param>
    /// <exception cref="IOException">It cannot be written: it must not run.</exception>
    public JournaledCommand? TryAccept(CommandDelivery delivery, BootId bootId, long? unixMs, string? waitsFor = null)
    {
        lock (_gate)
        {
            var content = delivery.Command.Content;
            var floors = Floors(delivery.Command.Signatures > 0);
            if (_commands.ContainsKey(content.Id) || content.IssuerSeq <= floors.GetValueOrDefault(content.IssuerId))
            {
                return null;
            }

            var accepted = new JournaledCommand(delivery, bootId, CommandState.Accepted, 1, unixMs, null, Cut(waitsFor ?? ""), waitsFor is not null);
            JournalCodec.WriteWhole(_writer, accepted);
            Append();
            floors[content.IssuerId] = content.IssuerSeq;
            Remember(accepted);
            return accepted;
        }
    }

    /// <summary>Takes the next state.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public JournaledCommand Move(CommandId id, CommandState state, long? unixMs, string message = "", int? exitCode = null, byte[]? recording = null)
    {
        lock (_gate)
        {
            var before = _commands[id];
            if (before.State.IsFinal())
            {
                throw new InvalidOperationException($"Command {id} has ended.");
            }

            var next = before with { State = state, ReportNo = before.ReportNo + 1, AtUnixMs = unixMs, Message = Cut(message), ExitCode = exitCode, Waits = false, Recording = recording };
            JournalCodec.WriteStep(_writer, next);
            Append();
            _commands[id] = next;
            return next;
        }
    }

    /// <summary>A number for one more report of a command that runs; null when it has ended. On disk, for the number of the end must be above it after a crash too.</summary>
    /// <exception cref="IOException">It cannot be written: nothing is told.</exception>
    public JournaledCommand? TryTellAgain(CommandId id)
    {
        lock (_gate)
        {
            if (!_commands.TryGetValue(id, out var before) || before.State != CommandState.Running)
            {
                return null;
            }

            var next = before with { ReportNo = before.ReportNo + 1 };
            JournalCodec.WriteStep(_writer, next);
            Append();
            return _commands[id] = next;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private Dictionary<PrincipalId, ulong> Floors(bool joint) => joint ? _jointFloors : _floors;

    private static string Cut(string message)
    {
        // A character has at most three bytes for each of its UTF-16 units.
        const int MaxChars = CommandReport.MaxMessageBytes / 3;
        return message.Length <= MaxChars ? message : string.Concat(message.AsSpan(0, MaxChars - 1), "…");
    }

    private void Load()
    {
        if (!_disk.Exists(_path))
        {
            return;
        }

        _file = _disk.Open(_path, create: false);
        var fileLength = _file.Length;
        var bytes = new byte[Math.Min(fileLength, MaxFileBytes)];
        var read = _file.Read(0, bytes);
        var header = SegmentHeader.TryRead(bytes, Magic, 0, out var chain);
        var scan = SegmentScan.Run(bytes.AsSpan(0, read), chain);
        scan.CutUnsynced(bytes);
        DamagedBytes = scan.Damage.Sum(damage => (long)Math.Max(1, damage.Length)) + (header == SealedFileState.Whole ? 0 : SegmentHeader.Bytes);
        foreach (var (offset, length) in scan.Entries)
        {
            if (!Apply(bytes.AsSpan(offset, length)))
            {
                DamagedBytes += length;
            }
        }

        scan.Chain.CopyTo(_chain, 0);
        _length = scan.End;
        _hasTail = fileLength > _length;
        if (DamagedBytes > 0 || !TryAdopt(scan, bytes))
        {
            // The next change writes a whole new file.
            _length = long.MaxValue;
        }
    }

    /// <summary>
    /// What a process that was killed had written and not synced counts from now on: a power cut must not take it back. Written anew,
    /// because a sync that failed before the kill leaves pages that no later sync writes.
    /// </summary>
    private bool TryAdopt(SegmentScan scan, byte[] bytes)
    {
        try
        {
            var settled = (int)Math.Min(scan.Durable, scan.End);
            if (settled < scan.End)
            {
                _file!.Write(settled, bytes.AsSpan(settled, scan.End - settled));
                _file.Sync();
            }

            return true;
        }
        catch (IOException)
        {
            // A disk that takes nothing now: whatever changes next has to write all of it, and says so if it cannot.
            return false;
        }
    }

    private bool Apply(ReadOnlySpan<byte> entry)
    {
        var body = EntryFormat.Body(entry);
        switch ((byte)EntryFormat.Kind(entry))
        {
            case JournalCodec.Whole when JournalCodec.TryReadWhole(body, out var whole):
                var content = whole.Command.Content;
                var floors = Floors(whole.Command.Signatures > 0);
                floors[content.IssuerId] = Math.Max(content.IssuerSeq, floors.GetValueOrDefault(content.IssuerId));
                Remember(whole);
                return true;
            case JournalCodec.Step when JournalCodec.TryReadStep(body, _commands, out var step):
                _commands[step.Id] = step;
                return true;
            case JournalCodec.Floor or JournalCodec.JointFloor when JournalCodec.TryReadFloor(body, out var issuer, out var floor):
                var known = Floors((byte)EntryFormat.Kind(entry) == JournalCodec.JointFloor);
                known[issuer] = Math.Max(floor, known.GetValueOrDefault(issuer));
                return true;
            default:
                return false;
        }
    }

    private void Remember(JournaledCommand command)
    {
        if (_commands.TryAdd(command.Id, command))
        {
            _order.Add(command.Id);
            _cancellations.Add(command.Command.Content);
        }

        for (var i = 0; i < _order.Count && _order.Count > _keep; i++)
        {
            if (_commands[_order[i]].State.IsFinal())
            {
                _cancellations.Remove(_commands[_order[i]].Command.Content);
                _commands.Remove(_order[i]);
                _order.RemoveAt(i--);
            }
        }
    }

    private void Append()
    {
        if (_file is null || _length > _rewriteBytes)
        {
            Rewrite();
        }

        if (_hasTail)
        {
            _file!.SetLength(_length);
            _hasTail = false;
        }

        Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
        _chain.CopyTo(chain);
        var entry = _writer.Finish(chain, _length);
        _hasTail = true;
        _file!.Write(_length, entry);
        _file.Sync();
        _hasTail = false;
        _length += entry.Length;
        chain.CopyTo(_chain);
    }

    /// <summary>All that is remembered, in a new file that replaces the old one when it is whole.</summary>
    private void Rewrite()
    {
        const string TemporarySuffix = ".new";
        var file = _disk.Open(_path + TemporarySuffix, create: true);
        try
        {
            var writer = new EntryWriter();
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
            chain.Clear();
            SegmentHeader.Write(header, Magic, 0, chain);
            file.SetLength(0);
            file.Write(0, header);
            long length = header.Length;
            foreach (var (issuer, floor) in _floors)
            {
                JournalCodec.WriteFloor(writer, JournalCodec.Floor, issuer, floor);
                length = Put(file, writer, chain, length);
            }

            foreach (var (issuer, floor) in _jointFloors)
            {
                JournalCodec.WriteFloor(writer, JournalCodec.JointFloor, issuer, floor);
                length = Put(file, writer, chain, length);
            }

            foreach (var id in _order)
            {
                JournalCodec.WriteWhole(writer, _commands[id]);
                length = Put(file, writer, chain, length);
            }

            file.Sync();
            _disk.Rename(_path + TemporarySuffix, _path);
            _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
            _file?.Dispose();
            _file = file;
            _length = length;
            _hasTail = false;
            chain.CopyTo(_chain);
        }
        catch (IOException)
        {
            if (!ReferenceEquals(_file, file))
            {
                file.Dispose();
            }

            throw;
        }
    }

    private static long Put(IDiskFile file, EntryWriter writer, Span<byte> chain, long length)
    {
        // The file gets its name only when all of it is synced.
        var entry = writer.Finish(chain, length);
        file.Write(length, entry);
        return length + entry.Length;
    }
}
