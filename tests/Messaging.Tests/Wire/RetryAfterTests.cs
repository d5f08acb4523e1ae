using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("30", 30)]
    [InlineData("007", 7)]
    [InlineData("3601", 3600)]
    [InlineData("99999999999999999999", 3600)]
    public void TryRead_Seconds_AreBounded(string text, int seconds)
    {
        Assert.True(RetryAfter.TryRead(text, out var time));
        Assert.Equal(TimeSpan.FromSeconds(seconds), time);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("\u0661")]
    [InlineData("999999999999999999999")]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT")]
    public void TryRead_AnythingElse_IsRefused(string? text) => Assert.False(RetryAfter.TryRead(text, out _));

    [Theory]
    [InlineData(1.2, "2")]
    [InlineData(60, "60")]
    public void Write_ATime_RoundsUp(double seconds, string text) => Assert.Equal(text, RetryAfter.Write(TimeSpan.FromSeconds(seconds)));
}
