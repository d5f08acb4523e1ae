using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Tests.Configuration;

public sealed class EndTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2027-06-30", "2027-06-30T23:59:59.999Z")]
    [InlineData("2026-11-28", "2026-11-28T23:59:59.999Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59.999Z")]
    [InlineData("2027-06-30T12:00Z", "2027-06-30T12:00:00Z")]
    [InlineData("2027-06-30T12:00:30Z", "2027-06-30T12:00:30Z")]
    [InlineData("90d", "2027-02-26T12:00:00Z")]
    [InlineData("1.5h", "2026-11-28T13:30:00Z")]
    public void Parse_AnEnd_IsThatTime(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected).ToUnixTimeMilliseconds(), EndText.Parse(text, "--expires", Now));

    [Fact]
    public void Parse_Never_IsNone() => Assert.Null(EndText.Parse("never", "--expires", Now));

    [Theory]
    [InlineData("2026-11-27")]
    [InlineData("2026-11-28T12:00Z")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("30.06.2027")]
    [InlineData("2027-06-30T12:00")]
    [InlineData("2027-02-29")]
    [InlineData("-1d")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    public void Parse_AnythingElse_IsRefused(string text) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => EndText.Parse(text, "--expires", Now)).Code);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1ms", 1)]
    [InlineData("30s", 30_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("10", null)]
    [InlineData("s", null)]
    [InlineData("1 s", null)]
    [InlineData("-1s", null)]
    [InlineData("∞s", null)]
    [InlineData("NaNs", null)]
    public void TryParse_Duration_IsInMilliseconds(string text, int? milliseconds)
    {
        Assert.Equal(milliseconds is not null, DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds ?? 0, duration.TotalMilliseconds);
    }
}
