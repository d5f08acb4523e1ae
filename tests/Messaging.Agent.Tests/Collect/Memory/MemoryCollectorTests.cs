using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Memory;

namespace Messaging.Agent.Tests.Collect.Memory;

public sealed class MemoryCollectorTests
{
    [Fact]
    public async Task Collect_WithMemAvailable_UsedIsTotalMinusAvailable()
    {
        using var kernel = new KernelFolder().Proc("meminfo", """
            MemTotal:        1000 kB
            MemFree:          100 kB
            MemAvailable:     400 kB
            Buffers:           50 kB
            Cached:           200 kB
            SwapCached:         7 kB
            HugePages_Total:       0
            """);

        var samples = await RecordedSamples.Of(new MemoryCollector(kernel.Root));

        Assert.Equal(1000 * 1024, samples["system.memory.limit"]);
        Assert.Equal(400 * 1024, samples["system.memory.linux.available"]);
        Assert.Equal(600 * 1024, samples["system.memory.usage{system.memory.state=used}"]);
        Assert.Equal(100 * 1024, samples["system.memory.usage{system.memory.state=free}"]);
        Assert.Equal(200 * 1024, samples["system.memory.usage{system.memory.state=cached}"]);
        Assert.Equal(50 * 1024, samples["system.memory.usage{system.memory.state=buffers}"]);
        Assert.Equal(0.6, samples["system.memory.utilization"], 10);
        Assert.Equal(0.6, samples["system.memory.utilization{system.memory.state=used}"], 10);
        Assert.Equal(0.05, samples["system.memory.utilization{system.memory.state=buffers}"], 10);
    }

    [Fact]
    public async Task Collect_OldKernelWithoutMemAvailable_EstimatesIt()
    {
        using var kernel = new KernelFolder().Proc("meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 200 kB\n");

        var samples = await RecordedSamples.Of(new MemoryCollector(kernel.Root));

        Assert.Equal(350 * 1024, samples["system.memory.linux.available"]);
        Assert.Equal(650 * 1024, samples["system.memory.usage{system.memory.state=used}"]);
    }

    [Fact]
    public async Task Collect_ThisMachine_AgreesWithMeminfo()
    {
        var samples = await RecordedSamples.Of(new MemoryCollector(KernelRoot.System));

        var total = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        Assert.Equal(long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024, samples["system.memory.limit"]);
        Assert.InRange(samples["system.memory.utilization"], 0.001, 1);
    }
}
