using Messaging.Agent.Collect.Disks;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Tests.Collect.Disks;

public sealed class FilesystemCollectorTests
{
    [Fact]
    public async Task Collect_RootFolder_AgreesWithTheRuntimesOwnMeasure()
    {
        using var kernel = new KernelFolder().Proc("self/mounts", "/dev/x / ext4 rw 0 0\n");

        var samples = await RecordedSamples.Of(new FilesystemCollector(kernel.Root));

        const string Identity = "system.device=/dev/x,system.filesystem.mountpoint=/,system.filesystem.type=ext4,system.filesystem.mode=rw";
        var drive = new DriveInfo("/");
        var used = samples[$"system.filesystem.usage{{{Identity},system.filesystem.state=used}}"];
        var free = samples[$"system.filesystem.usage{{{Identity},system.filesystem.state=free}}"];
        var reserved = samples[$"system.filesystem.usage{{{Identity},system.filesystem.state=reserved}}"];
        Assert.Equal(drive.TotalSize, samples[$"system.filesystem.limit{{{Identity}}}"]);

        // Other processes write meanwhile.
        Assert.InRange(free, drive.AvailableFreeSpace - 512e6, drive.AvailableFreeSpace + 512e6);
        Assert.Equal(drive.TotalSize, used + free + reserved);
        Assert.Equal(used / (used + free), samples[$"system.filesystem.utilization{{{Identity},system.filesystem.state=used}}"], 10);
    }

    [Fact]
    public async Task Collect_FilesystemThatWentAway_IsLeftOutAndTheOthersStay()
    {
        using var kernel = new KernelFolder().Proc("self/mounts", "/dev/x /nowhere/at/all ext4 rw 0 0\n/dev/y / ext4 rw 0 0\n");

        var samples = await RecordedSamples.Of(new FilesystemCollector(kernel.Root));

        Assert.Contains(samples.Values.Keys, k => k.Contains("/dev/y", StringComparison.Ordinal));
        Assert.DoesNotContain(samples.Values.Keys, k => k.Contains("/dev/x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_MountsChange_AreSeenNextTime()
    {
        using var kernel = new KernelFolder().Proc("self/mounts", "/dev/x / ext4 rw 0 0\n");
        var collector = new FilesystemCollector(kernel.Root);
        await RecordedSamples.Of(collector);
        kernel.Proc("self/mounts", "/dev/x / ext4 ro 0 0\n");

        Assert.All((await RecordedSamples.Of(collector)).Values.Keys, k => Assert.Contains("mode=ro", k, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_ThisMachine_FindsItsRoot() =>
        Assert.Contains((await RecordedSamples.Of(new FilesystemCollector(KernelRoot.System))).Values.Keys, k => k.Contains("mountpoint=/,", StringComparison.Ordinal));
}
