using Messaging.Agent.Configuration;
using Messaging.Agent.Transport.Metering;

namespace Messaging.Agent.Tests.Transport.Metering;

public sealed class LinkCostTests
{
    private readonly AgentOptions _options = new();

    [Fact]
    public void Set_ByWhoKnows_ChangesAllTimesAtOnceAndBack()
    {
        var link = new LinkCost(_options);
        var changes = 0;
        link.Changed += () => changes++;
        Assert.Equal((Seconds(60), Seconds(2), 256 * 1024), (link.MetricsFlush, link.LogsFlush, link.HistoryRate));

        link.Set(true, "test");
        link.Set(true, "test");

        Assert.Equal((Seconds(300), Seconds(300), 4096), (link.MetricsFlush, link.LogsFlush, link.HistoryRate));
        Assert.False(link.HoldsHistory);
        link.Set(false, "test");
        Assert.Equal(Seconds(60), link.MetricsFlush);
        Assert.Equal(2, changes);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    [InlineData("auto", false)]
    public void IsMetered_AtTheStart_IsWhatTheConfigurationSays(string metered, bool expected)
    {
        _options.Transport.Metered = metered;

        Assert.Equal(expected, new LinkCost(_options).IsMetered);
    }

    [Fact]
    public void Metered_NeverMakesShorterWhatIsLongAlready()
    {
        _options.Transport.Metered = "on";
        _options.Uplink.MetricsFlush = TimeSpan.FromHours(1);
        var link = new LinkCost(_options);

        Assert.Equal(TimeSpan.FromHours(1), link.MetricsFlush);
        Assert.Equal(Seconds(240), link.KeepAlive(Seconds(30)));
        Assert.Equal(Seconds(40), link.KeepAlive(Seconds(5)));
        Assert.Equal(Seconds(600), link.KeepAlive(Seconds(600)));
    }

    [Fact]
    public void HoldsHistory_WithoutARate_OnlyWhileItIsMetered()
    {
        _options.Uplink.MeteredHistoryRate = 0;
        var link = new LinkCost(_options);
        Assert.False(link.HoldsHistory);

        link.Set(true, "test");

        Assert.True(link.HoldsHistory);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
