namespace Messaging.Agent.Uplink;

/// <summary>
/// When the next chunk of a file may go: within a rate, and with pauses as long as chunks were on their way, so that on a slow line most of it is
/// left to everything else. Not thread-safe.
/// </summary>
/// <param name="rate">Bytes a second; 0 is no limit.</param>
/// <param name="share">The part of the time in which chunks may be on their way, in percent.</param>
/// <param name="time">The clock.</param>
internal sealed class FilePace(long rate, int share, TimeProvider time)
{
    private readonly TokenBucket _rate = new(rate, time);
    private long _sentAt;
    private TimeSpan _pause;

    public TimeSpan Wait
    {
        get
        {
            var pause = _pause > TimeSpan.Zero ? _pause - time.GetElapsedTime(_sentAt) : TimeSpan.Zero;
            return pause > _rate.Wait ? pause : _rate.Wait;
        }
    }

    /// <summary>A chunk is with the relay.</summary>
    public void Sent(int bytes, TimeSpan took)
    {
        _rate.Take(bytes);
        _sentAt = time.GetTimestamp();
        _pause = took * ((100.0 / share) - 1);
    }
}
