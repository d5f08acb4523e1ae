using Messaging.Agent.Gpio;

namespace Messaging.Agent.Tests.Gpio;

public sealed class EventLimitTests
{
    [Fact]
    public void TryPass_Flood_PassesABurstAndThenOneASecond()
    {
        var limit = new EventLimit();
        var passed = Enumerable.Range(0, 3000).Count(i => limit.TryPass(TimeSpan.FromMilliseconds(i), out _));

        Assert.Equal(EventLimit.Burst + 2, passed);
    }

    [Fact]
    public void TryPass_AfterAFlood_TellsHowManyWereHeldBack()
    {
        var limit = new EventLimit();
        for (var i = 0; i < EventLimit.Burst + 7; i++)
        {
            limit.TryPass(TimeSpan.Zero, out _);
        }

        Assert.True(limit.TryPass(TimeSpan.FromSeconds(1), out var suppressed));
        Assert.Equal(7, suppressed);
        Assert.Equal(0, limit.Suppressed);
    }
}
