using Messaging.Agent.Enrolment;

namespace Messaging.Agent.Tests.Enrolment;

public sealed class EnrolmentPatienceTests
{
    [Fact]
    public void Next_AfterFailureUponFailure_DoublesUpToAMinute()
    {
        var patience = new EnrolmentPatience(TimeSpan.FromHours(1), () => 1);

        Assert.Equal([2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 7).Select(_ => patience.Next(TimeSpan.Zero, TimeSpan.Zero)!.Value.TotalSeconds));
        patience.Reset();
        Assert.Equal(2, patience.Next(TimeSpan.Zero, TimeSpan.Zero)!.Value.TotalSeconds);
    }

    [Fact]
    public void Next_OfManyDevices_IsSpreadOverHalfOfIt() =>
        Assert.Equal(1, new EnrolmentPatience(TimeSpan.FromHours(1), () => 0).Next(TimeSpan.Zero, TimeSpan.Zero)!.Value.TotalSeconds);

    [Fact]
    public void Next_WhenTheServerNamesATime_IsNotBeforeThat() =>
        Assert.Equal(90, new EnrolmentPatience(TimeSpan.FromHours(1), () => 1).Next(TimeSpan.Zero, TimeSpan.FromSeconds(90))!.Value.TotalSeconds);

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(10, 9, 1)]
    [InlineData(10, 10, null)]
    [InlineData(10, 11, null)]
    public void Next_AtTheEnd_TriesALastTime(int total, int elapsed, int? seconds) => Assert.Equal(
        (double?)seconds, new EnrolmentPatience(TimeSpan.FromSeconds(total), () => 1).Next(TimeSpan.FromSeconds(elapsed), TimeSpan.Zero)?.TotalSeconds);

    [Fact]
    public void Next_WithoutEnd_GoesOn() =>
        Assert.Equal(2, new EnrolmentPatience(TimeSpan.MaxValue, () => 1).Next(TimeSpan.FromDays(400), TimeSpan.Zero)!.Value.TotalSeconds);
}
