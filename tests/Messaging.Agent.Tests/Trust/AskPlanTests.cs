using Messaging.Agent.Trust;

namespace Messaging.Agent.Tests.Trust;

public sealed class AskPlanTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly AskPlan _plan = new(interval: 24 * Hour, silent: Hour);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 30)]
    [InlineData(1, 60)]
    public void Wait_AfterAStart_IsAtMostTheShorterInterval(double draw, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), _plan.Wait(null, TimeSpan.Zero, silence: TimeSpan.Zero, draw));

    [Fact]
    public void Wait_AfterAStart_CountsWhatHasPassed()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), _plan.Wait(null, TimeSpan.FromMinutes(20), TimeSpan.Zero, 0.5));
        Assert.Equal(TimeSpan.Zero, _plan.Wait(null, 3 * Hour, TimeSpan.Zero, 0.5));
    }

    [Theory]
    [InlineData(0, 18)]
    [InlineData(0.5, 24)]
    [InlineData(1, 30)]
    public void Wait_WhileControlIsHeard_IsTheInterval_GiveOrTakeAQuarter(double draw, int hours)
    {
        Assert.Equal((hours - 2) * Hour, _plan.Due(2 * Hour, 9 * Hour, TimeSpan.Zero, draw));

        // It is looked at again when control would have been silent for long, if it said nothing from now on.
        Assert.Equal(Hour, _plan.Wait(2 * Hour, 9 * Hour, TimeSpan.Zero, draw));
        Assert.Equal(TimeSpan.FromMinutes(1), _plan.Wait((hours * Hour) - TimeSpan.FromMinutes(1), 99 * Hour, TimeSpan.Zero, draw));
        Assert.Equal(TimeSpan.Zero, _plan.Wait(hours * Hour, 99 * Hour, TimeSpan.Zero, draw));
    }

    [Theory]
    [InlineData(0, 45)]
    [InlineData(0.5, 60)]
    [InlineData(1, 75)]
    public void Wait_WhileControlIsSilentForLong_IsTheShorterInterval_GiveOrTakeAQuarter(double draw, int minutes)
    {
        var due = TimeSpan.FromMinutes(minutes);
        Assert.Equal(TimeSpan.FromMinutes(5), _plan.Wait(due - TimeSpan.FromMinutes(5), 99 * Hour, 7 * Hour, draw));
        Assert.Equal(TimeSpan.Zero, _plan.Wait(due, 99 * Hour, 7 * Hour, draw));
    }

    [Fact]
    public void Wait_WhileTheSilenceIsShort_LastsUntilItIsLong() =>
        Assert.Equal(TimeSpan.FromMinutes(40), _plan.Wait(5 * Hour, 99 * Hour, silence: TimeSpan.FromMinutes(20), draw: 0.5));

    [Fact]
    public void Wait_WhenBothIntervalsAreTheSame_IsNeverLongerThanAQuarterMore() =>
        Assert.Equal(TimeSpan.FromSeconds(1.25), new AskPlan(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)).Wait(TimeSpan.Zero, Hour, TimeSpan.Zero, 1));
}
