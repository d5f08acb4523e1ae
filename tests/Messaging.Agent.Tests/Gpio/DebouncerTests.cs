using CsCheck;
using Messaging.Agent.Gpio;

namespace Messaging.Agent.Tests.Gpio;

public sealed class DebouncerTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Change_NoDebounce_CountsAtOnce()
    {
        var debouncer = new Debouncer(TimeSpan.Zero, level: false);

        Assert.Equal([true, false, true], new[] { true, true, false }.Select(level => debouncer.Change(level, TimeSpan.Zero)));
        Assert.Null(debouncer.Due);
    }

    [Fact]
    public void Settle_LevelThatStayed_Counts()
    {
        var debouncer = new Debouncer(Window, level: false);

        Assert.False(debouncer.Change(true, Ms(100)));
        Assert.Equal(Ms(110), debouncer.Due);
        Assert.False(debouncer.Settle(Ms(109), true));
        Assert.True(debouncer.Settle(Ms(110), true));
        Assert.True(debouncer.Level);
        Assert.Null(debouncer.Due);
    }

    [Fact]
    public void Settle_LineThatIsBack_DoesNotCount()
    {
        var debouncer = new Debouncer(Window, level: false);
        debouncer.Change(true, Ms(100));

        // The change back was not told.
        Assert.False(debouncer.Settle(Ms(110), seen: false));
        Assert.False(debouncer.Level);
    }

    [Fact]
    public void Change_Bouncing_BeginsTheWaitAnew()
    {
        var debouncer = new Debouncer(Window, level: false);
        debouncer.Change(true, Ms(0));
        debouncer.Change(false, Ms(5));
        Assert.Null(debouncer.Due);
        debouncer.Change(true, Ms(8));

        Assert.False(debouncer.Settle(Ms(10), true));
        Assert.True(debouncer.Settle(Ms(18), true));
    }

    [Fact]
    public void Change_AnyBouncing_CountsOnlyWhatStayed() =>
        Gen.Select(Gen.Int[1, 30], Gen.Bool).Array[1, 50].Sample(steps =>
        {
            var (debouncer, now, line, expected, changes, counted) = (new Debouncer(Window, level: false), 0, false, false, 0, 0);
            foreach (var (wait, level) in steps)
            {
                // The level before this step has lasted as long as the step waited.
                now += wait;
                counted += debouncer.Settle(Ms(now), line) ? 1 : 0;
                if (line != expected && wait >= 10)
                {
                    expected = line;
                    changes++;
                }

                if (level != line)
                {
                    line = level;
                    debouncer.Change(line, Ms(now));
                }
                else if (line != expected)
                {
                    // Nothing changed: the wait goes on, which the model below does not follow.
                    line = expected;
                    debouncer.Change(line, Ms(now));
                }
            }

            Assert.Equal((expected, changes), (debouncer.Level, counted));
        });

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);
}
