namespace Messaging.Agent.Downlink;

/// <summary>When control was heard last: a record that opened, under a number that was new. Thread-safe.</summary>
internal sealed class ControlWord(TimeProvider time)
{
    private long _heardAt = time.GetTimestamp();
    private volatile bool _wasHeard;

    /// <summary>How long ago; since the start of the agent before the first.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heardAt));

    public void Heard()
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        _wasHeard = true;
    }

    /// <param name="timestamp">Of <see cref="TimeProvider.GetTimestamp"/>.</param>
    public bool WasHeardSince(long timestamp) => _wasHeard && Volatile.Read(ref _heardAt) >= timestamp;
}
