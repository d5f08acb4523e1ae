using Messaging.Agent.Spool;
using Messaging.Agent.Transport;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>Where sending is, between two restarts from the first unconfirmed record.</summary>
internal sealed class SenderPass
{
    private SpoolCursor _fileCursor;

    public SenderPass()
    {
        Live = new SendLane(key => !IsFile(key) && !History.Contains(key.Epoch));
        Older = new SendLane(IsHistory);
    }

    /// <summary>What is collected now.</summary>
    public SendLane Live { get; }

    /// <summary>What waits behind it.</summary>
    public SendLane Older { get; }

    public ref SpoolCursor FileCursor => ref _fileCursor;

    /// <summary>Epochs that wait behind what is collected now; none when there is little to catch up with.</summary>
    public HashSet<EpochId> History { get; } = [];

    /// <summary>Where the records of other epochs begin.</summary>
    public SpoolCursor LiveBegin { get; set; }

    /// <summary>How many of <see cref="Unacked"/> are history.</summary>
    public int HistoryUnacked { get; private set; }

    /// <summary>Metrics and logs were held back when it was looked at last.</summary>
    public bool WasHeld { get; set; }

    /// <summary>How many of <see cref="Unacked"/> are of files.</summary>
    public int FilesUnacked { get; private set; }

    /// <summary>How long what could be sent waits for its rate, not for the server.</summary>
    public TimeSpan Held { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Sent and not confirmed, oldest first.</summary>
    public Queue<(SpoolRecord Record, int Bytes)> Unacked { get; } = new();

    public Queue<Task<PublishOutcome>> InFlight { get; } = new();

    public HashSet<EpochId> Announced { get; } = [];

    public long UnackedBytes { get; set; }

    /// <summary>Timestamp of the last sign that the server receives.</summary>
    public long ProgressAt { get; set; }

    /// <summary>How long to wait for the next one.</summary>
    public TimeSpan Patience { get; set; }

    public bool IsHistory(StreamKey key) => !IsFile(key) && History.Contains(key.Epoch);

    public static bool IsFile(StreamKey key) => key.Stream == StreamId.Files;

    public void Sent(in SpoolRecord record, int bytes)
    {
        Unacked.Enqueue((record, bytes));
        UnackedBytes += bytes;
        Count(record.Key, 1);
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
                Count(item.Record.Key, -1);
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
        _fileCursor = default;
        HistoryUnacked = 0;
        FilesUnacked = 0;
        Held = Timeout.InfiniteTimeSpan;
        Unacked.Clear();
        InFlight.Clear();
        Announced.Clear();
        UnackedBytes = 0;
        ProgressAt = now;
        Patience = patience;
    }

    private void Count(StreamKey key, int more)
    {
        HistoryUnacked += IsHistory(key) ? more : 0;
        FilesUnacked += IsFile(key) ? more : 0;
    }
}
