using Messaging.Agent.Spool;
using Messaging.Agent.Transport;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>Where sending is, between two restarts from the first unconfirmed record.</summary>
internal sealed class SenderPass
{
    public SenderPass()
    {
        Live = new SendLane(epoch => !IsHistory(epoch));
        Older = new SendLane(IsHistory);
    }

    /// <summary>What is collected now.</summary>
    public SendLane Live { get; }

    /// <summary>What waits behind it.</summary>
    public SendLane Older { get; }

    /// <summary>Epochs that wait behind what is collected now; none when there is little to catch up with.</summary>
    public HashSet<EpochId> History { get; } = [];

    /// <summary>Where the records of other epochs begin.</summary>
    public SpoolCursor LiveBegin { get; set; }

    /// <summary>How many of <see cref="Unacked"/> are history.</summary>
    public int HistoryUnacked { get; private set; }

    /// <summary>Metrics and logs were held back when it was looked at last.</summary>
    public bool WasHeld { get; set; }

    /// <summary>History waits for its rate, not for the server.</summary>
    public bool HistoryIsHeld { get; set; }

    /// <summary>Sent and not confirmed, oldest first.</summary>
    public Queue<(SpoolRecord Record, int Bytes)> Unacked { get; } = new();

    public Queue<Task<PublishOutcome>> InFlight { get; } = new();

    public HashSet<EpochId> Announced { get; } = [];

    public long UnackedBytes { get; set; }

    /// <summary>Timestamp of the last sign that the server receives.</summary>
    public long ProgressAt { get; set; }

    /// <summary>How long to wait for the next one.</summary>
    public TimeSpan Patience { get; set; }

    public bool IsHistory(EpochId epoch) => History.Contains(epoch);

    public void Sent(in SpoolRecord record, int bytes)
    {
        Unacked.Enqueue((record, bytes));
        UnackedBytes += bytes;
        HistoryUnacked += IsHistory(record.Key.Epoch) ? 1 : 0;
    }

    /// <summary>Forgets what is confirmed. True when the oldest was: a stream that the server refuses must not hide behind others.</summary>
    public bool Settle(Func<SpoolRecord, bool> isConfirmed)
    {
        var oldest = Unacked.TryPeek(out var head) && isConfirmed(head.Record);
        for (var i = Unacked.Count; i > 0; i--)
        {
            var item = Unacked.Dequeue();
            if (isConfirmed(item.Record))
            {
                UnackedBytes -= item.Bytes;
                HistoryUnacked -= IsHistory(item.Record.Key.Epoch) ? 1 : 0;
            }
            else
            {
                Unacked.Enqueue(item);
            }
        }

        return oldest;
    }

    public void Restart(long now, TimeSpan patience)
    {
        Live.Restart(LiveBegin);
        Older.Restart(default);
        HistoryUnacked = 0;
        HistoryIsHeld = false;
        Unacked.Clear();
        InFlight.Clear();
        Announced.Clear();
        UnackedBytes = 0;
        ProgressAt = now;
        Patience = patience;
    }
}
