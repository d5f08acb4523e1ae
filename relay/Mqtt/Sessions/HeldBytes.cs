namespace Messaging.Relay.Mqtt.Sessions;

/// <summary>What all sessions hold together: messages that wait or are in flight, and subscriptions. The bounds of one session do not bound many. Thread safe.</summary>
/// <param name="max">Bytes at most.</param>
internal sealed class HeldBytes(long max)
{
    private long _total;

    public long Total => Volatile.Read(ref _total);

    /// <summary>Makes room; false: there is none.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _total, bytes) <= max)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    /// <summary>Counts what is there already, whether there is room or not.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _total, bytes);

    public void Give(long bytes) => Interlocked.Add(ref _total, -bytes);
}
