namespace Messaging.Relay.Limits;

/// <summary>
/// A token bucket that may be overdrawn: it answers how long its owner must pause until the debt is paid.
/// Pausing instead of refusing lets a device empty an hour's spool at the permitted rate, without losing or resending.
/// Not thread safe: one connection's reader owns it.
/// </summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _at;

    public TokenBucket(double perSecond, double burst, TimeProvider time)
    {
        _perSecond = perSecond;
        _burst = burst;
        _time = time;
        _tokens = burst;
        _at = time.GetTimestamp();
    }

    /// <summary>Takes <paramref name="amount"/> tokens.</summary>
    /// <returns>How long to pause; zero while the burst lasts.</returns>
    public TimeSpan Take(double amount)
    {
        var now = _time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (_time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
        _at = now;
        _tokens -= amount;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _perSecond);
    }
}
