using Messaging.Relay.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Limits;

public sealed class TokenBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_WithinTheBurst_NeedsNoPause()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 5, _time);

        Assert.Equal(TimeSpan.Zero, bucket.Take(5));
    }

    [Fact]
    public void Take_BeyondTheBurst_PausesUntilTheDebtIsPaid()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 5, _time);
        bucket.Take(5);

        Assert.Equal(TimeSpan.FromSeconds(0.1), bucket.Take(1));
        Assert.Equal(TimeSpan.FromSeconds(0.3), bucket.Take(2));
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(TimeSpan.FromSeconds(0.1), bucket.Take(1));
    }

    [Fact]
    public void Take_AfterALongRest_HasTheBurstAndNoMore()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 5, _time);
        bucket.Take(5);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromSeconds(0.1), bucket.Take(6));
    }
}
