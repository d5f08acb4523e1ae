using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

public sealed class TufTimeTests
{
    [Theory]
    [InlineData("1985-10-21T01:21:00Z", 498705660)]
    [InlineData("2028-02-29T23:59:59Z", 1835481599)]
    [InlineData("9999-12-31T23:59:59Z", 253402300799)]
    public void TryParse_TimesOfTheSpecification_AreRead(string text, long unixSeconds)
    {
        Assert.True(TufTime.TryParse(text, out var time));
        Assert.Equal(unixSeconds, time.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("2030-01-01")]
    [InlineData("2030-01-01T00:00:00")]
    [InlineData("2030-01-01T00:00:00z")]
    [InlineData("2030-01-01t00:00:00Z")]
    [InlineData("2030-01-01 00:00:00Z")]
    [InlineData("2030-01-01T00:00:00.0Z")]
    [InlineData("2030-01-01T00:00:00+00:00")]
    [InlineData(" 2030-01-01T00:00:00Z")]
    [InlineData("2030-1-01T00:00:000Z")]
    [InlineData("2030-13-01T00:00:00Z")]
    [InlineData("2030-00-01T00:00:00Z")]
    [InlineData("2030-02-30T00:00:00Z")]
    [InlineData("2030-02-00T00:00:00Z")]
    [InlineData("2030-01-01T24:00:00Z")]
    [InlineData("2030-01-01T00:60:00Z")]
    [InlineData("2030-01-01T00:00:60Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("-030-01-01T00:00:00Z")]
    [InlineData("２030-01-01T00:00:00Z")]
    public void TryParse_OtherForms_AreRefused(string text) => Assert.False(TufTime.TryParse(text, out _));
}
