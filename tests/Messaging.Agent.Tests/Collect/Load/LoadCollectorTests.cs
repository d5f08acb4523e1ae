using Messaging.Agent.Collect.Load;

namespace Messaging.Agent.Tests.Collect.Load;

public sealed class LoadCollectorTests
{
    [Fact]
    public async Task Collect_Loadavg_GivesTheThreeAverages()
    {
        using var kernel = new KernelFolder().Proc("loadavg", "0.44 1.54 2.33 1/97 10270\n");

        var samples = await RecordedSamples.Of(new LoadCollector(kernel.Root));

        Assert.Equal(0.44, samples["system.linux.cpu.load_1m"]);
        Assert.Equal(1.54, samples["system.linux.cpu.load_5m"]);
        Assert.Equal(2.33, samples["system.linux.cpu.load_15m"]);
    }

    [Fact]
    public async Task Collect_LoadavgIsEmpty_IsAnError()
    {
        using var kernel = new KernelFolder().Proc("loadavg", "");

        await Assert.ThrowsAsync<FormatException>(() => RecordedSamples.Of(new LoadCollector(kernel.Root)));
    }

    [Fact]
    public async Task Collect_Uptime_GivesSeconds()
    {
        using var kernel = new KernelFolder().Proc("uptime", "1916.88 3479.70\n");

        Assert.Equal(1916.88, (await RecordedSamples.Of(new UptimeCollector(kernel.Root)))["system.uptime"]);
    }
}
