using CsCheck;
using Messaging.Agent.Sensors;

namespace Messaging.Agent.Tests.Sensors;

public sealed class ThresholdsTests
{
    private static readonly Thresholds All = new(WarnAbove: 80, CriticalAbove: 95, WarnBelow: 10, CriticalBelow: 4, Hysteresis: 2);

    [Theory]
    [InlineData(79.9, "Normal", "Normal")]
    [InlineData(80, "Normal", "WarningHigh")]
    [InlineData(78.1, "WarningHigh", "WarningHigh")]
    [InlineData(78, "WarningHigh", "Normal")]
    [InlineData(95, "Normal", "CriticalHigh")]
    [InlineData(93.5, "CriticalHigh", "CriticalHigh")]
    [InlineData(93, "CriticalHigh", "WarningHigh")]
    [InlineData(79, "CriticalHigh", "WarningHigh")]
    [InlineData(50, "CriticalHigh", "Normal")]
    [InlineData(10, "Normal", "WarningLow")]
    [InlineData(11.9, "WarningLow", "WarningLow")]
    [InlineData(12, "WarningLow", "Normal")]
    [InlineData(4, "WarningHigh", "CriticalLow")]
    [InlineData(5, "CriticalLow", "CriticalLow")]
    [InlineData(11, "CriticalLow", "WarningLow")]
    public void Judge_Value_GivesTheLevel(double value, string before, string expected) =>
        Assert.Equal(expected, All.Judge(value, Enum.Parse<ThresholdLevel>(before)).ToString());

    [Fact]
    public void Judge_ValueThatStays_KeepsItsLevel() =>
        Gen.Double[-50, 150].Select(Gen.Enum<ThresholdLevel>()).Sample((value, before) =>
        {
            var level = All.Judge(value, before);
            Assert.Equal(level, All.Judge(value, level));
        });

    [Fact]
    public void Judge_NoLimits_IsNormal() => Assert.Equal(ThresholdLevel.Normal, new Thresholds(null, null, null, null, 0).Judge(1e9, ThresholdLevel.Normal));
}
