using Messaging.Agent.Disk;
using Messaging.Agent.Events;
using Messaging.Agent.Spool;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Audit;
using Messaging.Rosters;

namespace Messaging.Agent.Audit;

/// <summary>
/// Remembers how far the server's audit log went, and the log before it: a server that shows less, or another entry, has its log written anew, and
/// that is reported. Written to the disk at most once an hour, but at once for another log. Thread-safe.
/// </summary>
internal sealed class LogWitness
{
    private const uint Version = 1;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly FleetTrustStore _fleet;
    private readonly SecurityLog _security;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private LogCheckpoint[] _seen = [];
    private Witnessed[] _witnessed = [];
    private LogCheckpoint? _told;
    private AckPosition? _position;
    private long? _savedAt;
    private bool _isSaved = true;

    public LogWitness(IDisk disk, string path, FleetTrustStore fleet, SecurityLog security, IEventSink events, TimeProvider time)
    {
        _disk = disk;
        _path = path;
        _fleet = fleet;
        _security = security;
        _events = events;
        _time = time;
        var state = SealedFile.TryRead(disk, path, Magic, Version, (LogCheckpoint.MaxBytes + 1) * ExecutionBatch.MaxWitnessed, out var content);
        WasLost = !(state == SealedFileState.Missing || (state == SealedFileState.Whole && TryDecode(content)));
    }

    /// <summary>The file was there and could not be used: an older log would be taken for the newest.</summary>
    public bool WasLost { get; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Witnessed> Witnessed => Volatile.Read(ref _witnessed);

    /// <summary>The newest checkpoint; null before the first.</summary>
    public LogCheckpoint? Newest => Volatile.Read(ref _seen) is [var newest, ..] ? newest : null;

    private static ReadOnlySpan<byte> Magic => "MSGWITN1"u8;

    /// <summary>What the server says of its log.</summary>
    /// <param name="bytes">The checkpoint.</param>
    /// <param name="position">Where it stands among all that the server said: what the relay held back is no news.</param>
    /// <returns>False when it is no checkpoint.</returns>
    public bool TryReceive(ReadOnlySpan<byte> bytes, AckPosition position)
    {
        if (!LogCheckpoint.TryRead(bytes, out var checkpoint))
        {
            return false;
        }

        if (_fleet.Current.Roster.Find(checkpoint.Server) is not { } server || !server.HasRole(Roles.Server) || !checkpoint.IsSignedBy(server.Identity))
        {
            _security.Count("audit-not-signed");
            return true;
        }

        LogCheckpoint? before;
        lock (_gate)
        {
            if (_position is { } last && !position.IsAfter(last))
            {
                return true;
            }

            _position = position;
            if (Refusal(checkpoint) is { } reason)
            {
                _security.Count(reason);
                return true;
            }

            before = Newest;
            if (before is not null && before.LogId == checkpoint.LogId && before.Number == checkpoint.Number)
            {
                return true;
            }

            Keep(After(checkpoint));
        }

        if (before is not null && before.LogId != checkpoint.LogId)
        {
            _events.Report(new DeviceEvent(
                AgentEvents.AuditLogChanged,
                DeviceEvent.Warning,
                [new("log", checkpoint.LogId.ToString()), new("before", before.LogId.ToString()), new("beforeNumber", before.Number.ToString())]));
        }

        Save(isUrgent: before is null || before.LogId != checkpoint.LogId);
        return true;
    }

    /// <summary>The newest was signed: beside a newer one of its log it is said once more.</summary>
    public void MarkTold() => Volatile.Write(ref _told, Newest);

    /// <summary>On disk when this returns, if the disk takes it and there is something new.</summary>
    public void Save() => Save(isUrgent: true);

    private string? Refusal(LogCheckpoint checkpoint)
    {
        for (var i = 0; i < _seen.Length; i++)
        {
            var seen = _seen[i];
            if (seen.LogId == checkpoint.LogId)
            {
                // The first of a log is its newest; one that was left is not gone back to.
                return i > 0 || checkpoint.Number < seen.Number ? "audit-log-behind"
                    : checkpoint.Number == seen.Number && !checkpoint.Hash.AsSpan().SequenceEqual(seen.Hash) ? "audit-log-forked"
                    : null;
            }
        }

        return null;
    }

    /// <summary>The newest, what was signed last of its log, and the newest of the log before.</summary>
    private LogCheckpoint[] After(LogCheckpoint newest)
    {
        var after = new LogCheckpoint[ExecutionBatch.MaxWitnessed];
        var count = 0;
        after[count++] = newest;
        if (_told is { } told && told.LogId == newest.LogId && told.Number < newest.Number)
        {
            after[count++] = told;
        }

        foreach (var one in _seen)
        {
            if (one.LogId != newest.LogId)
            {
                after[count++] = one;
                break;
            }
        }

        return after[..count];
    }

    private void Keep(LogCheckpoint[] seen)
    {
        var witnessed = new Witnessed[seen.Length];
        for (var i = 0; i < seen.Length; i++)
        {
            witnessed[i] = new Witnessed(seen[i].LogId, seen[i].Number, seen[i].Hash);
        }

        Volatile.Write(ref _seen, seen);
        Volatile.Write(ref _witnessed, witnessed);
        _isSaved = false;
    }

    private void Save(bool isUrgent)
    {
        lock (_gate)
        {
            if (_isSaved || (!isUrgent && _savedAt is { } at && _time.GetElapsedTime(at) < SaveInterval))
            {
                return;
            }

            var content = new byte[_seen.Length * (LogCheckpoint.MaxBytes + 1)];
            var length = 0;
            foreach (var one in _seen)
            {
                content[length++] = (byte)(one.Bytes.Length - 1);
                one.Bytes.Span.CopyTo(content.AsSpan(length));
                length += one.Bytes.Length;
            }

            try
            {
                SealedFile.Write(_disk, _path, Magic, Version, content.AsSpan(0, length));
                _isSaved = true;
                _savedAt = _time.GetTimestamp();
            }
            catch (IOException e)
            {
                // It holds in memory, and is tried again with the next one.
                _events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Warning, [new("file", "witness"), new("reason", e.Message)]));
            }
        }
    }

    private bool TryDecode(ReadOnlySpan<byte> content)
    {
        var seen = new LogCheckpoint[ExecutionBatch.MaxWitnessed];
        var count = 0;
        while (!content.IsEmpty && count < seen.Length)
        {
            var length = content[0] + 1;
            if (content.Length < 1 + length || !LogCheckpoint.TryRead(content.Slice(1, length), out var checkpoint))
            {
                return false;
            }

            seen[count++] = checkpoint;
            content = content[(1 + length)..];
        }

        if (count == 0 || !content.IsEmpty)
        {
            return false;
        }

        Keep(seen[..count]);
        _isSaved = true;
        return true;
    }
}
