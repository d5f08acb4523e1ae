using Messaging.FleetServer.Tests.Harness;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Tests.Updates;

/// <summary>Killed at any change of a file, the server shows afterwards what it showed before, or what was published: never a part of it.</summary>
public sealed class PowerCutTests
{
    private static readonly TargetEntry Camera = RepositoryBench.Entry(RepositoryBench.Content);

    [Fact]
    public async Task Publish_KilledAtEachStep_IsOldOrNew()
    {
        var (old, next) = (0, 0);
        for (var step = 1; ; step++)
        {
            await using var bench = await RepositoryBench.CreateAsync();
            bench.Store(RepositoryBench.Content);
            await bench.BeginAsync();
            var device = new ShownMetadata(bench);
            await bench.ReadAsync(device);

            // A root and targets, that nothing comes to be half of.
            Assert.Null(await bench.PutAsync((bench.Plan with { Version = 2 }).Create()));
            Assert.Null(await bench.SignAsync("root", bench.Owner.Root));
            Assert.Null(await bench.PutAsync(bench.Targets(2, Camera)));
            Assert.Null(await bench.SignAsync("targets", bench.Owner.Key));
            var files = new KillableFiles(bench.Files(), step);
            bench.Open(files);
            var killed = await Record.ExceptionAsync(bench.PublishAsync) is ProcessKilledException;

            bench.Open();
            var targets = await bench.ReadAsync(device);
            Assert.Equal(targets.Version, bench.Repository.Published.Plan!.Version);
            Assert.Equal(targets.Version, (await bench.ReadAsync()).Version);
            (old, next) = targets.Version == 1 ? (old + 1, next) : (old, next + 1);
            if (!killed)
            {
                Assert.Equal(2, targets.Version);
                break;
            }

            // And it can be done again.
            Assert.Equal(targets.Version == 1 ? null : "nothing_to_publish", (await bench.PublishAsync())?.Code);
            Assert.Equal(2, (await bench.ReadAsync(device)).Version);
        }

        Assert.True(old >= 1 && next >= 4, $"It was killed before it counted {old} times, and after {next}.");
    }

    [Fact]
    public async Task Refresh_KilledAtEachStep_IsOldOrNew()
    {
        for (var (step, killed) = (1, true); killed; step++)
        {
            await using var bench = await RepositoryBench.CreateAsync();
            await bench.BeginAsync();
            var device = new ShownMetadata(bench);
            await bench.ReadAsync(device);
            bench.Time.Advance(TimeSpan.FromHours(30));
            bench.Open(new KillableFiles(bench.Files(), step));
            killed = await Record.ExceptionAsync(() => bench.Repository.RefreshAsync(TestContext.Current.CancellationToken)) is ProcessKilledException;

            bench.Open();
            await bench.ReadAsync(device);
        }
    }
}
