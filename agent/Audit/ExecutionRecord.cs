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
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly int _keep;
    private readonly int _rewriteBytes;
    private readonly EntryWriter _writer = new();
    private readonly List<Execution> _entries = [];
    private readonly List<byte[]> _hashes = [];
    private readonly byte[] _chain = new byte[EntryFormat.ChainBytes];
    private ChainHead _base = ChainHead.Start;
    private long _signed;
    private IDiskFile? _file;
    private long _length;
    private long _durable;
    private bool _isDirty;

    /// <summary>Reads what is there.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="keep">How many signed entries are remembered.</param>
    /// <param name="rewriteBytes">The file is rewritten beyond this size.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ExecutionRecord(IDisk disk, string path, int keep = 1024, int rewriteBytes = 1024 * 1024)
    {
        _disk = disk;
        _path = path;
        _keep = keep;
        _rewriteBytes = rewriteBytes;
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

    private static ReadOnlySpan<byte> Magic => "MSGEXECS"u8;

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
            ExecutionCodec.Write(_writer, entry);
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
            ExecutionCodec.WriteSigned(_writer, _signed);
            Append();
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
        if (!_disk.Exists(_path))
        {
            return;
        }

        _file = _disk.Open(_path, create: false);
        var bytes = new byte[Math.Min(_file.Length, MaxFileBytes)];
        var read = _file.Read(0, bytes);
        var header = SegmentHeader.TryRead(bytes, Magic, 0, out var chain);
        var scan = SegmentScan.Run(bytes.AsSpan(0, read), chain);
        scan.CutUnsynced(bytes);
        var isWhole = header == SealedFileState.Whole && scan.Damage.Count == 0 && scan.Entries.Count > 0;
        for (var i = 0; isWhole && i < scan.Entries.Count; i++)
        {
            isWhole = Apply(bytes.AsSpan(scan.Entries[i].Offset, scan.Entries[i].Length), isFirst: i == 0);
        }

        if (isWhole)
        {
            scan.Chain.CopyTo(_chain, 0);
            _signed = Math.Min(_signed, _base.Number + _entries.Count);

            // What was written and not synced may not be what a power cut leaves: all of it is written anew before anything is added.
            _length = long.MaxValue;
            _isDirty = true;
            return;
        }

        WasLost = true;
        Id = ChainId.Generate();
        _base = ChainHead.Start;
        _signed = 0;
        _entries.Clear();
        _hashes.Clear();
        _length = long.MaxValue;
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
        if (_file is null || _length > _rewriteBytes)
        {
            Rewrite();
        }

        Span<byte> chain = stackalloc byte[EntryFormat.ChainBytes];
        _chain.CopyTo(chain);
        var entry = _writer.Finish(chain, _durable);
        _isDirty = true;
        try
        {
            _file!.Write(_length, entry);
        }
        catch (IOException)
        {
            // What is at the end now nobody knows.
            _length = long.MaxValue;
            throw;
        }

        _length += entry.Length;
        chain.CopyTo(_chain);
    }

    private void Sync()
    {
        if (_length == long.MaxValue)
        {
            Rewrite();
        }

        if (_isDirty)
        {
            try
            {
                _file?.Sync();
            }
            catch (IOException)
            {
                // What a failed sync leaves no later one writes.
                _length = long.MaxValue;
                throw;
            }

            _durable = _length;
            _isDirty = false;
        }
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
            ExecutionCodec.WriteBase(writer, Id, _base, _signed);
            var length = Put(file, writer, chain, header.Length);
            for (var i = 0; i < _entries.Count; i++)
            {
                ExecutionCodec.Write(writer, _entries[i]);
                length = Put(file, writer, chain, length);
            }

            file.Sync();
            _disk.Rename(_path + TemporarySuffix, _path);
            _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
            _file?.Dispose();
            _file = file;
            _length = _durable = length;
            _isDirty = false;
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
        var entry = writer.Finish(chain, length);
        file.Write(length, entry);
        return length + entry.Length;
    }
}
