using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>
/// Tells the issuer how far a command is. That it has begun is held for a moment, because most commands end in it: one record instead of three.
/// While the disk refuses, the newest report of each command waits in memory. Thread-safe.
/// </summary>
internal sealed class CommandReports : IDisposable
{
    /// <summary>More than can run and be told again at a start; the journal tells the rest at the next one.</summary>
    private const int MaxWaiting = 256;

    /// <summary>Below what people notice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly Func<CommandReport, bool, bool> _write;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<CommandId, Waiting> _waiting = [];
    private readonly Dictionary<CommandId, Waiting> _held = [];

    /// <param name="write">Takes a report, and whether it is to be durable at once; false when the disk refused.</param>
    /// <param name="time">Of the moment.</param>
    public CommandReports(Func<CommandReport, bool, bool> write, TimeProvider time)
    {
        _write = write;
        _timer = time.CreateTimer(_ => SendHeld(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Through the spool.</summary>
    public static CommandReports Through(UplinkWriter writer, TimeProvider time) =>
        new((report, durable) => writer.TryAppend(StreamId.Events, RecordType.CommandReport, report.Encode(), [], durable, out _), time);

    /// <summary>Sends as soon as it is due and the disk takes it; a newer report of the command takes the place of one that has not gone yet.</summary>
    public void Send(CommandReport report, bool durable)
    {
        lock (_gate)
        {
            if (!IsBeginning(report))
            {
                _held.Remove(report.CommandId);
                SendNow(new Waiting(report, durable));
                return;
            }

            if (_held.Count == 0)
            {
                _timer.Change(Patience, Timeout.InfiniteTimeSpan);
            }

            if (!_held.TryGetValue(report.CommandId, out var held) || held.Report.ReportNo <= report.ReportNo)
            {
                _held[report.CommandId] = new Waiting(report, durable);
            }
        }
    }

    /// <summary>What is held, now: something that comes after it goes.</summary>
    public void SendHeld()
    {
        lock (_gate)
        {
            foreach (var one in _held.Values)
            {
                SendNow(one);
            }

            _held.Clear();
        }
    }

    /// <summary>For what is only true now.</summary>
    /// <returns>False when the disk refused: it is not told.</returns>
    public bool TrySend(CommandReport report, bool durable) => _write(report, durable);

    /// <summary>What waits for the disk, as far as it takes it.</summary>
    public void SendWaiting()
    {
        lock (_gate)
        {
            foreach (var (id, (report, durable)) in _waiting)
            {
                if (!TrySend(report, durable))
                {
                    return;
                }

                _waiting.Remove(id);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Those that wait for their window say so, and stay that way for long.</summary>
    private static bool IsBeginning(CommandReport report) => report is { State: CommandState.Accepted or CommandState.Running, Message.Length: 0 };

    private void SendNow(in Waiting one)
    {
        var id = one.Report.CommandId;
        var isWaiting = _waiting.TryGetValue(id, out var waiting);
        if (isWaiting && waiting.Report.ReportNo > one.Report.ReportNo)
        {
            return;
        }

        // Never past one that waits: that one would come last, and be the older.
        if ((isWaiting || !TrySend(one.Report, one.Durable)) && (isWaiting || _waiting.Count < MaxWaiting))
        {
            _waiting[id] = one;
        }
    }

    private readonly record struct Waiting(CommandReport Report, bool Durable);
}
