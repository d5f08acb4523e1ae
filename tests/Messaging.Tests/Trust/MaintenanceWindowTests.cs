using CsCheck;
using Messaging.Trust;

namespace Messaging.Tests.Trust;

public sealed class MaintenanceWindowTests
{
    private const long Minute = 60_000;

    [Fact]
    public void NextOpening_OfAnyWindow_IsTheFirstMomentAfterInWhichItBegins() =>
        Gen.Select(Gen.Int[1, 127], Gen.Int[0, 1439], Gen.Int[1, 1440], Gen.Long[1_790_000_000_000, 1_800_000_000_000]).Sample(
            static (days, from, minutes, now) =>
            {
                var window = new MaintenanceWindow(days, from, minutes);
                var opening = window.NextOpening(now);

                Assert.True(opening > now && opening <= now + (7 * 1440 * Minute));
                Assert.True(window.Contains(opening) && window.Contains(opening + ((minutes - 1) * Minute)));
                Assert.Equal(from, opening / Minute % 1440);

                // None of the days between begins one.
                for (var at = opening - (1440 * Minute); at > now; at -= 1440 * Minute)
                {
                    Assert.False(new MaintenanceWindow(days, from, 1).Contains(at));
                }
            },
            iter: 2000);

    [Theory]
    [InlineData(0b10_0000, 120, 120, "Sat 02:00-04:00 UTC")]
    [InlineData(127, 0, 1440, "daily 00:00-24:00 UTC")]
    [InlineData(0b001_1111, 1380, 120, "Mon-Fri 23:00-01:00 UTC")]
    [InlineData(0b100_0001, 0, 1, "Mon, Sun 00:00-00:01 UTC")]
    [InlineData(0b110_0111, 60, 60, "Mon-Wed, Sat, Sun 01:00-02:00 UTC")]
    public void Words_OfAWindow_AreForPeople(int days, int from, int minutes, string words) => Assert.Equal(words, new MaintenanceWindow(days, from, minutes).Words());

    [Fact]
    public void NextWindow_OfSeveral_IsTheOneThatOpensFirst()
    {
        // 2026-11-30 is a Monday.
        var monday = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        MaintenanceWindow wednesday = new(0b000_0100, 0, 60), saturday = new(0b010_0000, 0, 60);

        Assert.Equal(wednesday, new PolicyRule(["*"], [], 1, [saturday, wednesday]).NextWindow(monday, out var opensAt));
        Assert.Equal(new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), opensAt);
        Assert.Null(new PolicyRule(["*"], [], 1, []).NextWindow(monday, out _));
    }
}
