using Messaging.Agent.Collect.Disks;

namespace Messaging.Agent.Tests.Collect.Disks;

public sealed class DiskCollectorTests
{
    [Fact]
    public async Task Collect_WholeDisk_GivesBytesOperationsAndTimesPerDirection()
    {
        using var kernel = new KernelFolder()
            .Proc("diskstats", " 179  0 mmcblk0 100 7 2000 1500 50 8 4000 2500 1 3000 9 0 0 0 0 0 0\n")
            .Sys("block/mmcblk0/size", "1");

        var samples = await RecordedSamples.Of(new DiskCollector(kernel.Root));

        Assert.Equal(2000 * 512, samples["system.disk.io{system.device=mmcblk0,disk.io.direction=read}"]);
        Assert.Equal(4000 * 512, samples["system.disk.io{system.device=mmcblk0,disk.io.direction=write}"]);
        Assert.Equal(100, samples["system.disk.operations{system.device=mmcblk0,disk.io.direction=read}"]);
        Assert.Equal(50, samples["system.disk.operations{system.device=mmcblk0,disk.io.direction=write}"]);
        Assert.Equal(1.5, samples["system.disk.operation_time{system.device=mmcblk0,disk.io.direction=read}"]);
        Assert.Equal(3.0, samples["system.disk.io_time{system.device=mmcblk0}"]);
    }

    [Theory]
    [InlineData("mmcblk0p1")] // A partition: no entry of its own in /sys/block.
    [InlineData("loop0")]
    [InlineData("ram0")]
    public async Task Collect_NotAWholeDisk_IsLeftOut(string name)
    {
        using var kernel = new KernelFolder().Proc("diskstats", $" 7 0 {name} 100 7 2000 1500 50 8 4000 2500 1 3000 9\n");
        if (!name.Contains('p'))
        {
            kernel.Sys($"block/{name}/size", "1");
        }

        Assert.Empty((await RecordedSamples.Of(new DiskCollector(kernel.Root))).Values);
    }

    [Fact]
    public async Task Collect_DiskThatWasNeverUsed_IsLeftOut()
    {
        using var kernel = new KernelFolder().Proc("diskstats", " 8 0 sda 0 0 0 0 0 0 0 0 0 0 0\n").Sys("block/sda/size", "1");

        Assert.Empty((await RecordedSamples.Of(new DiskCollector(kernel.Root))).Values);
    }
}
