using CsCheck;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Tests.Configuration;

public sealed class OptionTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData(" 10 S ", 10_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("00:00:30", 30_000)]
    public void TryDuration_WrittenByPeople_IsRead(string text, double ms)
    {
        Assert.True(OptionText.TryDuration(text, out var value));
        Assert.Equal(ms, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1e3s")]
    [InlineData("99999999999999999d")]
    [InlineData("10 parsecs")]
    public void TryDuration_AnythingElse_IsRefused(string text) => Assert.False(OptionText.TryDuration(text, out _));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1.5 MiB", 1_572_864)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("10B", 10)]
    public void TrySize_WrittenByPeople_IsRead(string text, long bytes)
    {
        Assert.True(OptionText.TrySize(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("KiB")]
    [InlineData("1TiB of it")]
    [InlineData("99999999999GiB")]
    public void TrySize_AnythingElse_IsRefused(string text) => Assert.False(OptionText.TrySize(text, out _));

    [Fact]
    public void Write_AnyDuration_IsReadBack() => Gen.Long[0, 400L * 86_400_000].Sample(ms =>
    {
        var value = TimeSpan.FromMilliseconds(ms);
        return OptionText.TryDuration(OptionText.Write(value), out var read) && read == value;
    });

    [Fact]
    public void Write_AnySize_IsReadBack() => Gen.Long[0, 1L << 50].Sample(size => OptionText.TrySize(OptionText.Write(size), out var read) && read == size);

    [Theory]
    [InlineData(500, "500ms")]
    [InlineData(30_000, "30s")]
    [InlineData(60_000, "1m")]
    [InlineData(90_000, "90s")]
    [InlineData(86_400_000, "1d")]
    public void Write_Duration_IsShort(long ms, string text) => Assert.Equal(text, OptionText.Write(TimeSpan.FromMilliseconds(ms)));
}
