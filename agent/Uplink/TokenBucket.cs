namespace Messaging.Agent.Uplink;

/// <summary>Lets through so many bytes a second on average, and what a second saved up at once. Not thread-safe.</summary>
/// <param name="rate">Bytes a second; 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(long rate, TimeProvider time)
{
    private double _tokens = rate;
    private long _at = time.GetTimestamp();

    /// <summary>How long until something may go; zero when it may now. What goes may be more than is saved up: the debt is waited for.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (rate == 0)
            {
                return TimeSpan.Zero;
            }

            Refill();
            return _tokens > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0.001, -_tokens / rate));
        }
    }

    public void Take(int bytes)
    {
        if (rate > 0)
        {
            Refill();
            _tokens -= bytes;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(rate, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * rate));
        _at = now;
    }
}
