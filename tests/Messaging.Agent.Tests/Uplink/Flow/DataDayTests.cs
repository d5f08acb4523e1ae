using Messaging.Agent.Uplink.Flow;

namespace Messaging.Agent.Tests.Uplink.Flow;

public sealed class DataDayTests
{
    private const long Day = 20_000;
    private static readonly DateTimeOffset Midnight = DateTimeOffset.UnixEpoch.AddDays(Day);

    [Fact]
    public void Turn_AtMidnight_BeginsAnew()
    {
        var day = new DataDay(Day, 100, TimeSpan.Zero);
        Assert.False(day.Turn(Midnight.AddHours(23), Hours(1)));
        day.Add(5);
        Assert.Equal(105, day.Used);

        Assert.False(day.Turn(Midnight.AddHours(23), Hours(1)));
        Assert.True(day.Turn(Midnight.AddHours(24), Hours(2)));

        Assert.Equal((Day + 1, 0), (day.Number, day.Used));
    }

    [Fact]
    public void Turn_ClockThatGoesBack_BeginsNoDay()
    {
        var day = new DataDay(Day, 100, TimeSpan.Zero);

        Assert.False(day.Turn(Midnight.AddHours(-1), Hours(1)));

        Assert.Equal((Day, 100), (day.Number, day.Used));
    }

    [Fact]
    public void Turn_NotedUnderAClockThatWasFarAhead_KeepsWhatWasUsedAndGoesOnWithTheRealDay()
    {
        var day = new DataDay(Day + 1000, 100, TimeSpan.Zero);

        Assert.False(day.Turn(Midnight, Hours(1)));
        Assert.Equal((Day, 100), (day.Number, day.Used));
        Assert.True(day.Turn(Midnight.AddDays(1), Hours(25)));
    }

    [Fact]
    public void Turn_UnknownTime_GoesOnWithTheLastDayForADay()
    {
        var day = new DataDay(Day, 100, TimeSpan.Zero);
        Assert.False(day.Turn(null, Hours(23)));
        Assert.Equal(100, day.Used);

        Assert.True(day.Turn(null, Hours(24)));

        Assert.Equal((Day, 0), (day.Number, day.Used));
        Assert.False(day.Turn(null, Hours(25)));
    }

    [Fact]
    public void Turn_TimeGetsKnown_ChargesWhatWentBeforeToTheDayThatItIs()
    {
        var day = new DataDay(Day - 3, 100, TimeSpan.Zero);
        day.Turn(null, Hours(1));
        day.Add(7);

        Assert.True(day.Turn(Midnight, Hours(1)));

        Assert.Equal((Day, 7), (day.Number, day.Used));
    }

    [Fact]
    public void Turn_FirstKnownDay_KeepsWhatWasUsed()
    {
        var day = new DataDay(null, 0, TimeSpan.Zero);
        day.Add(7);

        Assert.False(day.Turn(Midnight, Hours(1)));

        Assert.Equal((Day, 7), (day.Number, day.Used));
    }

    [Fact]
    public void Passed_WithAndWithoutATime_IsAShareOfTheDay()
    {
        var day = new DataDay(Day, 0, TimeSpan.Zero);

        Assert.Equal(0.25, day.Passed(Midnight.AddHours(6), Hours(1)));
        Assert.Equal(0.5, day.Passed(null, Hours(12)));
        Assert.Equal(1, day.Passed(null, Hours(30)));
        Assert.Equal(Hours(18), day.Left(Midnight.AddHours(6), Hours(1)));
    }

    private static TimeSpan Hours(int hours) => TimeSpan.FromHours(hours);
}
