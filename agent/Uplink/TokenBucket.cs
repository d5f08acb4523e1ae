namespace Messaging.Agent.Uplink;

/// <summary>Lets through so many bytes a second on average, and what a second saved up at once. Not thread-safe.</summary>
/// <param name="rate">Bytes a second; 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(long rate, TimeProvider time)
{
    private double _tokens = rate;
    private long _at = time.GetTimestamp();

    /// <summary>Bytes a second; 0 is no limit. Another one holds from now on.</summary>
    public long Rate { get; set; } = rate;

    /// <summary>How long until something may go; zero when it may now. What goes may be more than is saved up: the debt is waited for.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (Rate == 0)
            {
                return TimeSpan.Zero;
            }

            Refill();
            return _tokens > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0.001, -_tokens / Rate));
        }
    }

    public void Take(int bytes)
    {
        if (Rate > 0)
        {
            Refill();
            _tokens -= bytes;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(Rate, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * Rate));
        _at = now;
    }
}
