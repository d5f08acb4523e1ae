using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Cpu;
using Messaging.Agent.Collect.Disks;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Load;
using Messaging.Agent.Collect.Memory;
using Messaging.Agent.Collect.Network;
using Messaging.Agent.Collect.Processes;
using Messaging.Agent.Collect.Scheduling;

namespace Messaging.Agent.Tests.Collect;

/// <summary>A device of 512 MB that samples every second for years must not make garbage with each sample.</summary>
public sealed class CollectorAllocationTests
{
    public static TheoryData<string> Collectors => ["cpu", "memory", "paging", "filesystem", "disk", "network", "load", "uptime"];

    [Theory]
    [MemberData(nameof(Collectors))]
    public void Collect_SteadyState_AllocatesNothing(string name)
    {
        var collector = Create(name);
        var buffer = new SampleBuffer();
        Assert.True(Collect(collector, buffer) + Collect(collector, buffer) > 0, "nothing was measured");

        // The runtime may allocate now and then on any thread; the least of several runs is the collector's own.
        var least = Enumerable.Range(0, 20).Min(_ => Measure(() => Collect(collector, buffer)));

        Assert.Equal(0, least);
    }

    [Fact]
    public void Collect_Processes_AllocatesOnlyForNewOnes()
    {
        using var kernel = new KernelFolder().Proc("stat", "cpu  1 1 1\ncpu0 1 1\nprocesses 777\n");
        for (var id = 1; id <= 50; id++)
        {
            kernel.Proc($"{id}/stat", $"{id} (p{id}) S 1 1 1 0 -1 0 0 0 0 0 {id} 0 0 0 20 0 1 0 5 1000 {id} 0 0\n");
        }

        var collector = new ProcessCollector(kernel.Root, TimeProvider.System, 5);
        var buffer = new SampleBuffer();
        Collect(collector, buffer);
        Collect(collector, buffer);

        Assert.Equal(0, Enumerable.Range(0, 20).Min(_ => Measure(() => Collect(collector, buffer))));
    }

    [Fact]
    public void Accumulate_KnownSeries_AllocatesNothing()
    {
        var buffer = new SampleBuffer();
        Collect(new MemoryCollector(KernelRoot.System), buffer);
        var accumulator = new MetricAccumulator(100);
        for (var i = 0; i < 100; i++)
        {
            accumulator.Add(i, buffer.Samples);
        }

        accumulator.Drain(static _ => { });

        // The columns keep their room.
        Assert.Equal(0, Enumerable.Range(0, 20).Min(i => Measure(() => accumulator.Add(i, buffer.Samples))));
    }

    private static long Measure(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int Collect(ICollector collector, SampleBuffer buffer)
    {
        buffer.Clear();
        var pending = collector.CollectAsync(buffer, CancellationToken.None);
        Assert.True(pending.IsCompletedSuccessfully);
        return buffer.Samples.Length;
    }

    private static ICollector Create(string name) => name switch
    {
        "cpu" => new CpuCollector(KernelRoot.System),
        "memory" => new MemoryCollector(KernelRoot.System),
        "paging" => new PagingCollector(KernelRoot.System),
        "filesystem" => new FilesystemCollector(KernelRoot.System),
        "disk" => new DiskCollector(KernelRoot.System),
        "network" => new NetworkCollector(KernelRoot.System),
        "load" => new LoadCollector(KernelRoot.System),
        _ => new UptimeCollector(KernelRoot.System),
    };
}
