using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>Tells the issuer how far a command is. While the disk refuses, the newest report of each command waits in memory. Thread-safe.</summary>
internal sealed class CommandReports(UplinkWriter writer)
{
    /// <summary>More than can run and be told again at a start; the journal tells the rest at the next one.</summary>
    private const int MaxWaiting = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<CommandId, Waiting> _waiting = [];

    /// <summary>Sends now, or when the disk takes it; a newer report of the command takes the place of one that waits.</summary>
    public void Send(CommandReport report, bool durable)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(report.CommandId, out var waiting) && waiting.Report.ReportNo > report.ReportNo)
            {
                return;
            }

            // Never past one that waits: that one would come last, and be the older.
            if ((_waiting.ContainsKey(report.CommandId) || !TrySend(report, durable))
                && (_waiting.Count < MaxWaiting || _waiting.ContainsKey(report.CommandId)))
            {
                _waiting[report.CommandId] = new Waiting(report, durable);
            }
        }
    }

    /// <summary>For what is only true now.</summary>
    /// <returns>False when the disk refused: it is not told.</returns>
    public bool TrySend(CommandReport report, bool durable) =>
        writer.TryAppend(StreamId.Events, RecordType.CommandReport, report.Encode(), [], durable, out _);

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

    private readonly record struct Waiting(CommandReport Report, bool Durable);
}
