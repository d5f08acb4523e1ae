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
    private readonly int _keep;
    private readonly EntryFile _file;
    private readonly Dictionary<CommandId, JournaledCommand> _commands = [];
    private readonly List<CommandId> _order = [];
    private readonly CancellationIndex _cancellations = new();
    private readonly Dictionary<PrincipalId, ulong> _floors = [];

    /// <summary>Of commands that several sign: they take longer, and the issuer's own must not overtake them.</summary>
    private readonly Dictionary<PrincipalId, ulong> _jointFloors = [];

    /// <summary>Reads what is there; see <see cref="DamagedBytes"/>.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="keep">How many finished commands are remembered.</param>
    /// <param name="rewriteBytes">The file is rewritten beyond this size.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CommandJournal(IDisk disk, string path, int keep = 256, int rewriteBytes = 1024 * 1024)
    {
        _keep = keep;
        _file = new EntryFile(disk, path, "MSGJOURN"u8.ToArray(), rewriteBytes);
        Load();
    }

    /// <summary>Bytes that were not what had been written; the last entry of a power cut is not among them.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<JournaledCommand> Unfinished
    {
        get
        {
            lock (_gate)
            {
                return Those(static command => !command.State.IsFinal());
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
                return Those(static command => command.Waits);
            }
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<JournaledCommand> Newest(int count)
    {
        lock (_gate)
        {
            var newest = new List<JournaledCommand>();
            for (var i = _order.Count - 1; i >= 0 && newest.Count < count; i--)
            {
                newest.Add(_commands[_order[i]]);
            }

            return newest;
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
            JournalCodec.WriteWhole(_file.Next, accepted);
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
            JournalCodec.WriteStep(_file.Next, next);
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
            JournalCodec.WriteStep(_file.Next, next);
            Append();
            return _commands[id] = next;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private List<JournaledCommand> Those(Func<JournaledCommand, bool> wanted)
    {
        var those = new List<JournaledCommand>();
        foreach (var id in _order)
        {
            if (_commands[id] is var command && wanted(command))
            {
                those.Add(command);
            }
        }

        return those;
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
        if (_file.Open(MaxFileBytes) is not { } content)
        {
            return;
        }

        DamagedBytes = content.IsHeaderWhole ? 0 : SegmentHeader.Bytes;
        foreach (var (_, length) in content.Scan.Damage)
        {
            DamagedBytes += Math.Max(1, length);
        }

        foreach (var (offset, length) in content.Scan.Entries)
        {
            if (!Apply(content.Bytes.AsSpan(offset, length)))
            {
                DamagedBytes += length;
            }
        }

        if (DamagedBytes > 0)
        {
            _file.Distrust();
        }
        else
        {
            _file.Settle(content);
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
        if (_file.MustBeReplaced)
        {
            Replace();
        }

        _file.AppendDurably();
    }

    private void Replace()
    {
        using var copy = _file.Replace();
        foreach (var (issuer, floor) in _floors)
        {
            JournalCodec.WriteFloor(copy.Next, JournalCodec.Floor, issuer, floor);
            copy.Add();
        }

        foreach (var (issuer, floor) in _jointFloors)
        {
            JournalCodec.WriteFloor(copy.Next, JournalCodec.JointFloor, issuer, floor);
            copy.Add();
        }

        foreach (var id in _order)
        {
            JournalCodec.WriteWhole(copy.Next, _commands[id]);
            copy.Add();
        }

        copy.Commit();
    }
}
