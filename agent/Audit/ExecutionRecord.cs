using Messaging.Agent.Commands;
using Messaging.Agent.Disk;
using Messaging.Agent.Spool;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Audit;

/// <summary>
/// What this device did with commands, in a hash chain: one file of entries (<see cref="EntryFormat"/>) that is rewritten when it has grown. Appending
/// syncs nothing: what the journal has and this has not is added at the next start. What is signed is synced before, so that no number gets a second
/// meaning by a power cut. Thread-safe.
/// </summary>
internal sealed class ExecutionRecord : IDisposable
{
    private const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>Entries that wait to be signed, while the spool takes nothing; of commands that did not run, fewer.</summary>
    private const int MaxWaiting = 4096;
    private const int MaxWaitingRejections = 1024;
    private readonly Lock _gate = new();
    private readonly int _keep;
    private readonly EntryFile _file;
    private readonly List<Execution> _entries = [];
    private readonly List<byte[]> _hashes = [];
    private ChainHead _base = ChainHead.Start;
    private long _signed;

    /// <summary>Reads what is there.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="keep">How many signed entries are remembered.</param>
    /// <param name="rewriteBytes">The file is rewritten beyond this size.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ExecutionRecord(IDisk disk, string path, int keep = 1024, int rewriteBytes = 1024 * 1024)
    {
        _keep = keep;
        _file = new EntryFile(disk, path, "MSGEXECS"u8.ToArray(), rewriteBytes);
        Load();
    }

    /// <summary>The record. Another one when the file was lost or damaged.</summary>
    public ChainId Id { get; private set; } = ChainId.Generate();

    /// <summary>The file was there and was not what had been written: the record begins anew.</summary>
    public bool WasLost { get; private set; }

    /// <summary>Why this lacks something that the journal has; null: it does not.</summary>
    public string? Behind { get; private set; }

    /// <summary>Raised when there is something to sign.</summary>
    public event Action? Appended;

    /// <summary>The last entry's number; 0 before the first.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _base.Number + _entries.Count;
            }
        }
    }

    /// <summary>Up to which number everything is signed and in the spool.</summary>
    public long Signed
    {
        get
        {
            lock (_gate)
            {
                return _signed;
            }
        }
    }

    /// <summary>
    /// What the journal has and this has not, as after a power cut between the two, or while the disk refused. Before anything runs.
    /// </summary>
    /// <param name="journaled">Newest first.</param>
    /// <returns>False when the disk refuses; <see cref="Behind"/> says why.</returns>
    public bool CatchUp(IReadOnlyList<JournaledCommand> journaled)
    {
        try
        {
            for (var i = journaled.Count - 1; i >= 0; i--)
            {
                var command = journaled[i];
                if (command.State != CommandState.Running)
                {
                    Add(command.Command, command.State, command.AtUnixMs, command.Recording);
                }
            }

            Behind = null;
            return true;
        }
        catch (IOException e)
        {
            Behind = e.Message;
            return false;
        }
    }

    /// <summary>One could not be added.</summary>
    public void FallBehind(string why) => Behind = why;

    /// <summary>One more, unless it is the newest of its command already. False when too many wait.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool Add(Command command, CommandState state, long? unixMs, byte[]? recording = null)
    {
        lock (_gate)
        {
            var id = command.Content.Id;
            var newest = NewestOf(id);
            if (newest == state || (newest?.IsFinal() == true && !state.IsFinal()))
            {
                // Whoever catches up may have seen it before it ended.
                return true;
            }

            var wait = _base.Number + _entries.Count - _signed;
            if (wait >= MaxWaiting || (wait >= MaxWaitingRejections && newest is null && state is CommandState.Rejected or CommandState.Expired))
            {
                return false;
            }

            var type = command.Content.Type;
            var entry = new Execution
            {
                CommandId = id,
                Digest = Execution.DigestOf(command.Content),
                Issuer = command.Content.IssuerId,
                Type = type,
                State = state,
                UnixMs = unixMs,
                Recording = recording,
            };
            ExecutionCodec.Write(_file.Next, entry);
            Append();
            Remember(entry);
        }

        Appended?.Invoke();
        return true;
    }

    /// <summary>What is not signed yet, on disk when this returns; at most what a batch holds. Null when there is nothing.</summary>
    /// <exception cref="IOException">It cannot be made durable: it must not be signed.</exception>
    public ExecutionBatch? Unsigned(PrincipalId device, IReadOnlyList<Witnessed> witnessed, long? unixMs, bool evenNone)
    {
        lock (_gate)
        {
            var skip = (int)(_signed - _base.Number);
            if (skip >= _entries.Count && !evenNone)
            {
                return null;
            }

            Sync();
            var count = Math.Min(_entries.Count - skip, ExecutionBatch.MaxEntries);
            return new ExecutionBatch
            {
                Device = device,
                Chain = Id,
                First = _signed + 1,
                Previous = HashOf(_signed),
                Entries = _entries.GetRange(skip, count),
                Witnessed = witnessed,
                UnixMs = unixMs,
            };
        }
    }

    /// <summary>These are signed, and durably in the spool. Not synced itself: after a power cut they are signed again, as the same.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void MarkSigned(long through)
    {
        lock (_gate)
        {
            _signed = Math.Max(_signed, through);
            Forget();
            ExecutionCodec.WriteSigned(_file.Next, _signed);
            Append();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private byte[] HashOf(long number) => number == _base.Number ? _base.Hash : _hashes[(int)(number - _base.Number - 1)];

    private CommandState? NewestOf(CommandId id)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].CommandId == id)
            {
                return _entries[i].State;
            }
        }

        return null;
    }

    private void Remember(Execution entry)
    {
        var number = _base.Number + _entries.Count;
        _hashes.Add(entry.Hash(Id, number + 1, HashOf(number)));
        _entries.Add(entry);
    }

    /// <summary>Signed ones that nobody asks for any more; all at once now and then, because a list forgets from the front dearly.</summary>
    private void Forget()
    {
        var signed = (int)(_signed - _base.Number);
        if (signed > _keep * 2)
        {
            var drop = signed - _keep;
            _base = new ChainHead(_base.Number + drop, _hashes[drop - 1]);
            _entries.RemoveRange(0, drop);
            _hashes.RemoveRange(0, drop);
        }
    }

    private void Load()
    {
        if (_file.Open(MaxFileBytes) is not { } content)
        {
            return;
        }

        // What was written and not synced may not be what a power cut leaves: all of it is written anew before anything is added.
        _file.Distrust();
        var scan = content.Scan;
        var isWhole = content.IsHeaderWhole && scan.Damage.Count == 0 && scan.Entries.Count > 0;
        for (var i = 0; isWhole && i < scan.Entries.Count; i++)
        {
            isWhole = Apply(content.Bytes.AsSpan(scan.Entries[i].Offset, scan.Entries[i].Length), isFirst: i == 0);
        }

        if (isWhole)
        {
            _signed = Math.Min(_signed, _base.Number + _entries.Count);
            return;
        }

        WasLost = true;
        Id = ChainId.Generate();
        _base = ChainHead.Start;
        _signed = 0;
        _entries.Clear();
        _hashes.Clear();
    }

    private bool Apply(ReadOnlySpan<byte> entry, bool isFirst)
    {
        var body = EntryFormat.Body(entry);
        switch ((byte)EntryFormat.Kind(entry))
        {
            case ExecutionCodec.Base when isFirst && ExecutionCodec.TryReadBase(body, out var id, out var head, out var signed):
                (Id, _base, _signed) = (id, head, signed);
                return true;
            case ExecutionCodec.Executed when !isFirst && ExecutionCodec.TryRead(body, out var execution):
                Remember(execution);
                return true;
            case ExecutionCodec.Signed when !isFirst && ExecutionCodec.TryReadSigned(body, out var through):
                _signed = Math.Max(_signed, through);
                return true;
            default:
                return false;
        }
    }

    private void Append()
    {
        if (_file.MustBeReplaced)
        {
            Replace();
        }

        _file.Append();
    }

    private void Sync()
    {
        if (_file.MustBeReplaced)
        {
            Replace();
        }

        _file.Sync();
    }

    private void Replace()
    {
        using var copy = _file.Replace();
        ExecutionCodec.WriteBase(copy.Next, Id, _base, _signed);
        copy.Add();
        foreach (var entry in _entries)
        {
            ExecutionCodec.Write(copy.Next, entry);
            copy.Add();
        }

        copy.Commit();
    }
}
