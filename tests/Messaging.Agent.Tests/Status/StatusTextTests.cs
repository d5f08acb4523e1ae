using Messaging.Agent.Status;

namespace Messaging.Agent.Tests.Status;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(256L << 20, "256 MiB")]
    [InlineData(3L << 30, "3 GiB")]
    public void Bytes_AnyMagnitude_IsShort(long bytes, string text) => Assert.Equal(text, StatusText.Bytes(bytes));

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0.4, "0s")]
    [InlineData(59, "59s")]
    [InlineData(61, "1m 1s")]
    [InlineData(7380, "2h 3m")]
    [InlineData(266_400, "3d 2h")]
    public void Span_AnyLength_HasAtMostTwoUnits(double seconds, string text) => Assert.Equal(text, StatusText.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly ten", 11, "exactly ten")]
    [InlineData("longer than that", 10, "longer ...")]
    [InlineData("abc", 2, "ab")]
    public void Fit_Text_IsCutToTheWidth(string text, int width, string expected) => Assert.Equal(expected, StatusText.Fit(text, width));
}
