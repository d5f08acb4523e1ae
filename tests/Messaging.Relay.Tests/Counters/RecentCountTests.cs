using Messaging.Relay.Counters;

namespace Messaging.Relay.Tests.Counters;

public sealed class RecentCountTests
{
    [Fact]
    public void PerSecond_OfTheStepBeforeAndThePresentOne_IsExact()
    {
        var count = default(RecentCount);
        count.Add(30, 10_000);
        count.Add(60, 40_000);

        Assert.Equal(90 / 40.0, count.PerSecond(40_000), 6);
        Assert.Equal(90 / 59.0, count.PerSecond(59_000), 6);
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(500_000)]
    public void PerSecond_AMinuteLater_IsZero(long later)
    {
        var count = default(RecentCount);
        count.Add(30, 29_999);

        Assert.True(count.PerSecond(59_999) > 0);
        Assert.Equal(0, count.PerSecond(later), 6);
    }

    [Fact]
    public void Add_OnAClockThatWentBack_CountsInThePresentStep()
    {
        var count = default(RecentCount);
        count.Add(1, 100_000);
        count.Add(1, 5_000);

        Assert.Equal(2 / 30.0, count.PerSecond(5_000), 6);
        Assert.Equal(2 / 40.0, count.PerSecond(100_000), 6);
    }
}
