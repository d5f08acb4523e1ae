using System.Globalization;
using System.Text;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

/// <summary>
/// An agent's spool, the log file that it follows and the server that it sends to, over kills of the process; and from which operation of
/// the disk on what may and must be true. Times are counts of <see cref="CrashDisk.Operations"/>.
/// </summary>
internal sealed class SpoolWorld(CrashDisk disk, SpoolLimits limits)
{
    public const string Folder = "state/spool";
    public const string EpochFile = "state/epoch";
    public const uint Metrics = 1;
    public const uint Logs = 2;
    public const uint Events = 3;
    private const string Position = "file/a";
    private readonly Dictionary<uint, ulong> _lastSeq = [];
    private readonly FakeTimeProvider _time = new();
    private SpoolStore? _store;
    private EpochCounter? _counter;
    private EpochId _epoch;
    private ulong _ack;
    private int _began;

    public Dictionary<SpoolRecord, SpoolWorldRecord> Records { get; } = [];

    /// <summary>Epochs by id: number, frame, and from when on it may have been sent.</summary>
    public Dictionary<EpochId, (ulong Number, byte[] Frame, int UsedAt)> Epochs { get; } = [];

    /// <summary>Runs steps, in a new process after each kill.</summary>
    public void Run(IReadOnlyList<SpoolStep> steps)
    {
        var next = 0;
        while (next <= steps.Count)
        {
            try
            {
                Open();
                for (; next < steps.Count; next++)
                {
                    Do(steps[next]);
                }

                _store!.Dispose();
                return;
            }
            catch (CrashDisk.KilledException)
            {
                // The step that was killed is not done again: whoever produced it may not know either.
                disk.KillAt = int.MaxValue;
                disk.Fail = null;
                next++;
            }
        }
    }

    private void Do(in SpoolStep step)
    {
        _began = disk.Operations;
        switch (step.Kind)
        {
            case SpoolStepKind.Log:
                Append(Logs, step.Size, durable: false);
                break;
            case SpoolStepKind.Metric:
                Append(Metrics, step.Size, durable: false);
                break;
            case SpoolStepKind.Event:
                Append(Events, step.Size, durable: true);
                break;
            case SpoolStepKind.Move:
                MovePosition();
                break;
            case SpoolStepKind.Sync:
                Promise(_store!.Sync());
                break;
            case SpoolStepKind.Send:
                Deliver();
                break;
            case SpoolStepKind.Ack:
                Acknowledge(step.Size);
                break;
            case SpoolStepKind.SaveAcks:
                _store!.SaveAcks();
                break;
            case SpoolStepKind.SettleGaps:
                SettleGaps();
                break;
            case SpoolStepKind.Epoch:
                NextEpoch();
                break;
            case SpoolStepKind.Restart:
                _store!.Dispose();
                Promise(true);
                Open();
                break;
            case SpoolStepKind.Refuse:
                disk.Fail = operation => operation != "read" && operation != "mkdir";
                Append(Logs, step.Size, durable: false);
                Append(Events, step.Size, durable: true);
                disk.Fail = null;
                _time.Advance(limits.RetryAfter);
                break;
            case SpoolStepKind.RefuseSync:
                disk.Fail = operation => operation == "sync";
                Append(Metrics, step.Size, durable: true);
                disk.Fail = null;
                _time.Advance(limits.RetryAfter);
                break;
        }

        NoteGaps();
        _began = disk.Operations;
    }

    private void Open()
    {
        _store = SpoolStore.Open(disk, Folder, limits, _time);
        _counter = new EpochCounter(disk, EpochFile);
        NoteGaps();
        NoteUnwritten();
        NextEpoch();
        NoteGaps();
    }

    /// <summary>What the process before was killed over had not been written.</summary>
    private void NoteUnwritten()
    {
        var here = SpoolScript.ReadAll(_store!).Select(item => item.Record).ToHashSet();
        foreach (var (record, known) in Records)
        {
            if (known.PromisedAt == int.MaxValue && known.LostAt == int.MaxValue && !here.Contains(record))
            {
                known.RefusedAt = Math.Min(known.RefusedAt, disk.Operations);
            }
        }
    }

    private void NextEpoch()
    {
        var number = _counter!.Next(_store!.NewestEpoch?.Number ?? 0);
        var id = EpochId.Generate();
        var frame = Encoding.ASCII.GetBytes("open " + id);
        Epochs.Add(id, (number, frame, int.MaxValue));
        if (_store.AppendEpoch(id, number, frame))
        {
            Epochs[id] = (number, frame, disk.Operations);
            Promise(true);
            _epoch = id;
            _lastSeq.Clear();
        }
    }

    private int NextLine() =>
        _store!.Checkpoints(Position) is [var checkpoint] ? int.Parse(Encoding.ASCII.GetString(checkpoint.Value.Span), CultureInfo.InvariantCulture) : 0;

    private bool Append(uint stream, int size, bool durable)
    {
        if (_epoch == default)
        {
            return false;
        }

        var seq = _lastSeq.GetValueOrDefault(stream) + 1;
        _lastSeq[stream] = seq;
        var record = new SpoolRecord(new StreamKey(_epoch, stream), seq);
        var line = stream == Logs ? NextLine() : -1;
        var frame = Encoding.ASCII.GetBytes($"{record} {line} " + new string('x', size));
        var known = new SpoolWorldRecord(frame, line, disk.Operations);
        Records.Add(record, known);
        Checkpoint[] checkpoints = line >= 0 ? [new Checkpoint(Position, Encoding.ASCII.GetBytes((line + 1).ToString(CultureInfo.InvariantCulture)))] : [];
        if (!_store!.AppendRecord(record, frame, checkpoints, durable))
        {
            known.RefusedAt = disk.Operations;
            return false;
        }

        Promise(durable);
        return true;
    }

    /// <summary>A position without content: what was read is of no interest.</summary>
    private void MovePosition()
    {
        Checkpoint[] checkpoints = [new("other/" + (disk.Operations % 3), Encoding.ASCII.GetBytes(disk.Operations.ToString(CultureInfo.InvariantCulture)))];
        _store!.AppendCheckpoints(checkpoints);
    }

    private void Promise(bool synced)
    {
        if (synced)
        {
            foreach (var known in Records.Values.Where(known => known.RefusedAt == int.MaxValue && known.LostAt == int.MaxValue))
            {
                known.PromisedAt = Math.Min(known.PromisedAt, disk.Operations);
            }
        }
    }

    /// <summary>Everything that may be sent reaches the server.</summary>
    private void Deliver()
    {
        var cursor = default(SpoolCursor);
        while (_store!.TryRead(ref cursor, out var record, out var frame))
        {
            var known = Records[record];
            Assert.Equal(known.Frame, frame);
            known.DeliveredAt = Math.Min(known.DeliveredAt, disk.Operations);
        }
    }

    /// <summary>The server confirms what it has without a hole, short of some of the newest.</summary>
    private void Acknowledge(int behind)
    {
        foreach (var stream in Records.Keys.Select(record => record.Key).Distinct().ToArray())
        {
            var through = 0UL;
            while (Records.TryGetValue(new SpoolRecord(stream, through + 1), out var next) && (next.DeliveredAt < int.MaxValue || next.SettledAt < int.MaxValue))
            {
                through++;
            }

            through -= Math.Min(through, stream.Epoch == _epoch ? (ulong)behind : 0);
            for (var seq = 1UL; seq <= through; seq++)
            {
                var known = Records[new SpoolRecord(stream, seq)];
                known.AckedAt = Math.Min(known.AckedAt, disk.Operations);
            }

            _store!.IsNewestAck(new AckPosition(default, 1, ++_ack));
            _store.Ack(stream.Epoch, stream.Stream, through);
        }
    }

    /// <summary>The server is told in a record of its own, and confirms it.</summary>
    private void SettleGaps()
    {
        foreach (var gap in _store!.OutstandingGaps())
        {
            if (!Append(Events, 40, durable: true))
            {
                return;
            }

            for (var seq = gap.Range.From; seq <= gap.Range.To; seq++)
            {
                var known = Records[new SpoolRecord(gap.Key, seq)];
                known.SettledAt = Math.Min(known.SettledAt, disk.Operations);
            }

            _store.RetireGap(gap);
        }
    }

    /// <summary>What the spool gave up since the step began, which may have been the one that was killed.</summary>
    private void NoteGaps()
    {
        foreach (var gap in _store!.OutstandingGaps())
        {
            for (var seq = gap.Range.From; seq <= gap.Range.To; seq++)
            {
                Assert.True(Records.TryGetValue(new SpoolRecord(gap.Key, seq), out var known), $"{gap} names what was never there");
                known.LostAt = Math.Min(known.LostAt, _began);
                known.Reasons.Add(gap.Reason);
            }
        }
    }
}
