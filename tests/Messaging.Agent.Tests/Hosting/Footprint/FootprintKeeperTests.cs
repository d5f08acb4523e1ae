using Messaging.Agent.Hosting.Footprint;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class FootprintKeeperTests
{
    [Fact]
    public async Task RunAsync_AfterStartAndEachHour_Shrinks()
    {
        var time = new FakeTimeProvider();
        var shrunk = 0;
        using var end = new CancellationTokenSource();
        var run = new FootprintKeeper(time, () => shrunk++).RunAsync(end.Token);

        time.Advance(FootprintKeeper.AfterStart - TimeSpan.FromSeconds(1));
        Assert.Equal(0, shrunk);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, shrunk);
        time.Advance(FootprintKeeper.AfterSlowStart - FootprintKeeper.AfterStart);
        Assert.Equal(2, shrunk);
        time.Advance(FootprintKeeper.Interval);
        Assert.Equal(3, shrunk);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public void Shrink_GarbageOnTheHeap_GivesItBack()
    {
        var lost = Lose();

        FootprintKeeper.Shrink();

        Assert.False(lost.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Lose() => new(new byte[1024]);
}
