using Messaging.Agent.Collect.Cpu;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Tests.Collect.Cpu;

public sealed class CpuCollectorTests
{
    private const string First = """
        cpu  1000 200 300 4000 500 60 40 30 7 0
        cpu0 500 100 150 2000 250 30 20 15 7 0
        cpu1 500 100 150 2000 250 30 20 15 0 0
        intr 704738 0 0
        """;

    [Fact]
    public async Task Collect_FirstTime_GivesCumulativeSecondsPerModeAndNoShares()
    {
        using var kernel = new KernelFolder().Proc("stat", First);

        var samples = await RecordedSamples.Of(new CpuCollector(kernel.Root));

        // USER_HZ is 100 on every Linux that .NET runs on.
        Assert.Equal(10.0, samples["system.cpu.time{cpu.mode=user}"]);
        Assert.Equal(2.0, samples["system.cpu.time{cpu.mode=nice}"]);
        Assert.Equal(3.0, samples["system.cpu.time{cpu.mode=system}"]);
        Assert.Equal(40.0, samples["system.cpu.time{cpu.mode=idle}"]);
        Assert.Equal(5.0, samples["system.cpu.time{cpu.mode=iowait}"]);
        Assert.Equal(1.0, samples["system.cpu.time{cpu.mode=interrupt}"]);
        Assert.Equal(0.3, samples["system.cpu.time{cpu.mode=steal}"], 10);
        Assert.Equal(2, samples["system.cpu.logical.count"]);
        Assert.DoesNotContain(samples.Values.Keys, key => key.StartsWith("system.cpu.utilization", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_SecondTime_GivesTheSharesSinceTheFirst()
    {
        using var kernel = new KernelFolder().Proc("stat", First);
        var collector = new CpuCollector(kernel.Root);
        await RecordedSamples.Of(collector);
        kernel.Proc("stat", "cpu  1030 200 310 4040 510 65 45 30 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");

        var samples = await RecordedSamples.Of(collector);

        // 100 ticks passed: 30 user, 10 system, 40 idle, 10 iowait, 10 interrupt.
        Assert.Equal(0.3, samples["system.cpu.utilization{cpu.mode=user}"], 10);
        Assert.Equal(0.4, samples["system.cpu.utilization{cpu.mode=idle}"], 10);
        Assert.Equal(0.1, samples["system.cpu.utilization{cpu.mode=interrupt}"], 10);
        Assert.Equal(0.0, samples["system.cpu.utilization{cpu.mode=steal}"], 10);
        Assert.Equal(0.5, samples["system.cpu.utilization"], 10);
    }

    [Fact]
    public async Task Collect_WhenTheKernelTakesIoWaitBack_CounterStaysAndSharesStayWithinBounds()
    {
        using var kernel = new KernelFolder().Proc("stat", First);
        var collector = new CpuCollector(kernel.Root);
        await RecordedSamples.Of(collector);
        kernel.Proc("stat", "cpu  1050 200 300 4050 490 60 40 30 7 0\n");

        var samples = await RecordedSamples.Of(collector);

        Assert.Equal(5.0, samples["system.cpu.time{cpu.mode=iowait}"]);
        Assert.Equal(0.0, samples["system.cpu.utilization{cpu.mode=iowait}"]);
        Assert.Equal(0.5, samples["system.cpu.utilization"], 10);
    }

    [Fact]
    public async Task Collect_FileIsNotWhatItShouldBe_NamesTheFile()
    {
        using var kernel = new KernelFolder().Proc("stat", "cpu  1 2 x\n");

        var error = await Assert.ThrowsAsync<FormatException>(() => RecordedSamples.Of(new CpuCollector(kernel.Root)));

        Assert.Contains(kernel.Root.Proc + "/stat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collect_FileIsMissing_NamesTheFileAndWhy()
    {
        using var kernel = new KernelFolder();

        var error = await Assert.ThrowsAsync<IOException>(() => RecordedSamples.Of(new CpuCollector(kernel.Root)));

        Assert.Equal($"{kernel.Root.Proc}/stat: No such file or directory", error.Message);
    }

    [Fact]
    public async Task Collect_ThisMachine_AgreesWithItsProcessorCount()
    {
        var samples = await RecordedSamples.Of(new CpuCollector(KernelRoot.System));

        var online = File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal) && char.IsDigit(line[3]));
        Assert.Equal(online, samples["system.cpu.logical.count"]);
        Assert.True(samples["system.cpu.time{cpu.mode=idle}"] > 0);
    }
}
