using Messaging.Agent.Spool;
using Messaging.Agent.Transport;
using Messaging.Wire;

namespace Messaging.Agent.Uplink;

/// <summary>Where sending is, between two restarts from the first unconfirmed record.</summary>
internal sealed class SenderPass
{
    private SpoolCursor _cursor;

    public ref SpoolCursor Cursor => ref _cursor;

    /// <summary>Sent and not confirmed, oldest first.</summary>
    public Queue<(SpoolRecord Record, int Bytes)> Unacked { get; } = new();

    public Queue<Task<PublishOutcome>> InFlight { get; } = new();

    public HashSet<EpochId> Announced { get; } = [];

    public long UnackedBytes { get; set; }

    /// <summary>Timestamp of the last sign that the server receives.</summary>
    public long ProgressAt { get; set; }

    /// <summary>How long to wait for the next one.</summary>
    public TimeSpan Patience { get; set; }

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
        _cursor = default;
        Unacked.Clear();
        InFlight.Clear();
        Announced.Clear();
        UnackedBytes = 0;
        ProgressAt = now;
        Patience = patience;
    }
}
