using Messaging.Agent.Collect.Memory;

namespace Messaging.Agent.Tests.Collect.Memory;

public sealed class PagingCollectorTests
{
    private const string Vmstat = "nr_free_pages 5\npgpgin 3\npswpin 11\npswpout 12\npgfault 1000\npgmajfault 40\n";

    [Fact]
    public async Task Collect_TwoSwapDevices_GivesEachAndTheWhole()
    {
        using var kernel = new KernelFolder()
            .Proc("swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/zram0 partition\t100\t\t40\t\t100\n/var/swap file 300 60 -2\n")
            .Proc("vmstat", Vmstat);

        var samples = await RecordedSamples.Of(new PagingCollector(kernel.Root));

        Assert.Equal(40 * 1024, samples["system.paging.usage{system.device=/dev/zram0,system.paging.state=used}"]);
        Assert.Equal(240 * 1024, samples["system.paging.usage{system.device=/var/swap,system.paging.state=free}"]);
        Assert.Equal(0.4, samples["system.paging.utilization{system.device=/dev/zram0,system.paging.state=used}"], 10);
        Assert.Equal(0.25, samples["system.paging.utilization"], 10);
    }

    [Fact]
    public async Task Collect_Activity_SplitsFaultsIntoMajorAndMinor()
    {
        using var kernel = new KernelFolder().Proc("swaps", "Filename Type Size Used Priority\n").Proc("vmstat", Vmstat);

        var samples = await RecordedSamples.Of(new PagingCollector(kernel.Root));

        Assert.Equal(40, samples["system.paging.faults{system.paging.fault.type=major}"]);
        Assert.Equal(960, samples["system.paging.faults{system.paging.fault.type=minor}"]);
        Assert.Equal(11, samples["system.paging.operations{system.paging.direction=in}"]);
        Assert.Equal(12, samples["system.paging.operations{system.paging.direction=out}"]);
        Assert.DoesNotContain("system.paging.utilization", samples.Values.Keys);
    }
}
