using Messaging.Agent.Logs;
using Messaging.Agent.Uplink;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Uplink;

public sealed class LineBootsTests
{
    private static readonly LogOrigin Journal = new(LogOriginKind.Journal, "kernel");
    private readonly BootId _this = BootId.Generate();
    private readonly LineBoots _boots;

    public LineBootsTests() => _boots = new LineBoots(_this);

    [Fact]
    public void Convert_LinesOfThisBoot_NamesNoOther()
    {
        Assert.Equal((5000L, 0), Convert(_this, 5000, 1));

        Assert.Empty(_boots.Earlier);
    }

    [Fact]
    public void Convert_LinesOfEarlierBoots_NumbersThemAndKeepsTheClockOfTheLastLine()
    {
        var (first, second) = (BootId.Generate(), BootId.Generate());

        Assert.Equal((10L, 1), Convert(first, 10, 1_000_000));
        Assert.Equal((20L, 2), Convert(second, 20, null));
        Assert.Equal((30L, 1), Convert(first, 30, 1_800_000_000_000));
        Assert.Equal((40L, 0), Convert(_this, 40, 2));

        Assert.Equal([new BootTime(first, 1_800_000_000_000, 30), new BootTime(second, null, 20)], _boots.Earlier);
    }

    private (long Ms, int Boot) Convert(BootId boot, long mono, long? wall)
    {
        var entry = _boots.Convert(new LogLine(new LineTime(boot, mono, wall), 9, Journal, "x", null));
        return (entry.Ms, entry.Boot);
    }
}
