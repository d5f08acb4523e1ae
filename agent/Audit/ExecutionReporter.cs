using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Status;
using Messaging.Agent.Uplink;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Streams;

namespace Messaging.Agent.Audit;

/// <summary>
/// Signs what the record has gathered and puts it into the spool: shortly after something happened, and at most twice a minute; else once an hour when
/// the server's log has gone on. So one signature is for many commands.
/// </summary>
internal sealed class ExecutionReporter : IStatusPart, IDisposable
{
    /// <summary>Longer than most commands take, so that accepted and done go together.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan WitnessInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ExecutionRecord _record;
    private readonly CommandJournal _journal;
    private readonly LogWitness _witness;
    private readonly DeviceMembership _membership;
    private readonly KeyStore _keys;
    private readonly UplinkWriter _writer;
    private readonly SecurityLog _security;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly Signal _wake = new();
    private long? _signedAt;
    private long _told;
    private TimeSpan _pause = FirstPause;
    private volatile bool _isRefused;

    public ExecutionReporter(
        ExecutionRecord record,
        CommandJournal journal,
        LogWitness witness,
        DeviceMembership membership,
        KeyStore keys,
        UplinkWriter writer,
        SecurityLog security,
        IEventSink events,
        TimeProvider time)
    {
        _record = record;
        _journal = journal;
        _witness = witness;
        _membership = membership;
        _keys = keys;
        _writer = writer;
        _security = security;
        _events = events;
        _time = time;
        record.Appended += _wake.Set;
    }

    /// <summary>What became of a command. Never keeps it from running: the journal has it, and it is added here as soon as the disk takes it.</summary>
    public void Note(Command command, CommandState state, long? unixMs, byte[]? recording = null)
    {
        try
        {
            if (!_record.Add(command, state, unixMs, recording))
            {
                _security.Count("audit-record-full");
            }

            _isRefused = false;
        }
        catch (IOException e)
        {
            _record.FallBehind(e.Message);
            Refused(e.Message);
            _wake.Set();
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (_record.WasLost || _witness.WasLost)
        {
            _events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Warning, [new("file", _record.WasLost ? "executions" : "witness")]));
        }

        if (_record.Behind is { } behind)
        {
            Refused(behind);
        }

        _wake.Set();
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_record.Behind is null ? WitnessInterval : _pause, _time, ct);
                await Task.Delay(Delay, _time, ct);
                CatchUp();
                if (_signedAt is { } at && _time.GetElapsedTime(at) is var since && since < ShortestInterval)
                {
                    await Task.Delay(ShortestInterval - since, _time, ct);
                }

                if (!Sign())
                {
                    _wake.Set();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Sign();
            _witness.Save();
        }
    }

    /// <summary>Signs what there is. False when there is more, or the disk refused.</summary>
    public bool Sign()
    {
        try
        {
            // Set by the witness only: an hour after the last signature, it is worth one of its own.
            var isNews = _witness.Newest is { } newest && newest.UnixMs != _told;
            if (_record.Unsigned(_membership.DeviceId, _witness.Witnessed, _writer.WallUnixMs, evenNone: isNews && IsHourOver()) is not { } batch)
            {
                return true;
            }

            if (!_writer.TryAppend(StreamId.Events, RecordType.Executions, batch.Sign(_keys.Keys.Identity), [], durable: true, out _))
            {
                return false;
            }

            _signedAt = _time.GetTimestamp();
            _told = _witness.Newest?.UnixMs ?? 0;
            _witness.MarkTold();
            _record.MarkSigned(batch.Last);
            _isRefused = false;
            return batch.Entries.Count < ExecutionBatch.MaxEntries;
        }
        catch (IOException e)
        {
            Refused(e.Message);
            return false;
        }
    }

    /// <summary>Adds what the disk did not take before; asked again after 5 s to 5 min.</summary>
    public void CatchUp()
    {
        if (_record.Behind is null)
        {
            return;
        }

        if (_record.CatchUp(_journal.Newest(int.MaxValue)))
        {
            _pause = FirstPause;
            _isRefused = false;
        }
        else
        {
            Refused(_record.Behind!);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    public void Contribute(StatusBuilder status) => status.Audit = new AuditStatus(
        _record.Id.ToString(),
        _record.Last,
        _record.Signed,
        _witness.Newest is { } seen ? new WitnessStatus(seen.LogId.ToString(), seen.Number, DateTimeOffset.FromUnixTimeMilliseconds(seen.UnixMs)) : null);

    public void Dispose() => _record.Appended -= _wake.Set;

    private bool IsHourOver() => _signedAt is not { } at || _time.GetElapsedTime(at) >= WitnessInterval;

    private void Refused(string why)
    {
        if (!_isRefused)
        {
            _isRefused = true;
            _events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Warning, [new("file", "executions"), new("reason", why)]));
        }
    }
}
