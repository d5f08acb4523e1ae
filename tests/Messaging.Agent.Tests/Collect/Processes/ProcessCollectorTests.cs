using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Collect.Processes;

public sealed class ProcessCollectorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Collect_Counts_AreByState()
    {
        using var kernel = Kernel();
        Process(kernel, 1, "init", 'S', 0, 10);
        Process(kernel, 2, "kthreadd", 'I', 0, 0);
        Process(kernel, 3, "busy", 'R', 0, 10);
        Process(kernel, 4, "io", 'D', 0, 10);
        Process(kernel, 5, "held", 'T', 0, 10);
        Process(kernel, 6, "gone", 'Z', 0, 0);

        var samples = await RecordedSamples.Of(new ProcessCollector(kernel.Root, _time, 5));

        Assert.Equal(1, samples["system.process.count{process.state=running}"]);
        Assert.Equal(3, samples["system.process.count{process.state=sleeping}"]);
        Assert.Equal(1, samples["system.process.count{process.state=stopped}"]);
        Assert.Equal(1, samples["system.process.count{process.state=defunct}"]);
        Assert.Equal(777, samples["system.process.created"]);
    }

    [Fact]
    public async Task Collect_Top_IsTheGreatestByMemoryAndByCpuOnly()
    {
        using var kernel = Kernel();
        for (var id = 1; id <= 9; id++)
        {
            Process(kernel, id, "p" + id, 'S', 1000, 100 * id);
        }

        var collector = new ProcessCollector(kernel.Root, _time, 2);
        var first = await RecordedSamples.Of(collector);
        Assert.Equal(["p8", "p9"], Names(first, "process.memory.usage"));
        Assert.Empty(Names(first, "process.cpu.utilization"));

        _time.Advance(TimeSpan.FromSeconds(10));
        Process(kernel, 1, "p1", 'S', 1500, 100);
        Process(kernel, 3, "p3", 'S', 1100, 300);
        Process(kernel, 4, "p4", 'S', 1001, 400);
        var second = await RecordedSamples.Of(collector);

        // Whoever is reported is reported with both values.
        Assert.Equal(["p1", "p3", "p8", "p9"], Names(second, "process.memory.usage"));
        Assert.Equal(["p1", "p3", "p8", "p9"], Names(second, "process.cpu.utilization"));

        // 500 ticks of 10 s on 2 CPUs of 100 ticks a second.
        Assert.Equal(0.25, second["process.cpu.utilization{process.pid=1,process.executable.name=p1}"], 10);
        Assert.Equal(100.0 * Environment.SystemPageSize, second["process.memory.usage{process.pid=1,process.executable.name=p1}"]);
    }

    [Fact]
    public async Task Collect_NewProcess_IsChargedWithAllItUsed()
    {
        using var kernel = Kernel();
        Process(kernel, 1, "init", 'S', 5000, 10);
        var collector = new ProcessCollector(kernel.Root, _time, 1);
        await RecordedSamples.Of(collector);
        _time.Advance(TimeSpan.FromSeconds(10));
        Process(kernel, 8, "new", 'R', 1000, 5);

        var samples = await RecordedSamples.Of(collector);

        Assert.Equal(0.5, samples["process.cpu.utilization{process.pid=8,process.executable.name=new}"], 10);
    }

    [Fact]
    public async Task Collect_ProcessIdIsReused_IsAnotherProcess()
    {
        using var kernel = Kernel();
        Process(kernel, 7, "old", 'S', 5000, 10, start: 100);
        var collector = new ProcessCollector(kernel.Root, _time, 1);
        await RecordedSamples.Of(collector);
        _time.Advance(TimeSpan.FromSeconds(10));
        Process(kernel, 7, "new", 'S', 20, 10, start: 900);

        var samples = await RecordedSamples.Of(collector);

        Assert.Equal(0.01, samples["process.cpu.utilization{process.pid=7,process.executable.name=new}"], 10);
    }

    [Fact]
    public async Task Collect_ThisMachine_NamesThisProcessByItsExecutable()
    {
        var samples = await RecordedSamples.Of(new ProcessCollector(KernelRoot.System, TimeProvider.System, 500));

        Assert.Contains(
            $"process.memory.usage{{process.pid={Environment.ProcessId},process.executable.name={Path.GetFileName(Environment.ProcessPath)}}}",
            samples.Values.Keys);
    }

    private static KernelFolder Kernel() => new KernelFolder().Proc("stat", "cpu  1 1 1\ncpu0 1 1\ncpu1 1 1\nprocesses 777\n").Proc("sys/x", "");

    private static void Process(KernelFolder kernel, int id, string name, char state, long ticks, long pages, long start = 5) => kernel.Proc(
        $"{id}/stat",
        $"{id} ({name}) {state} 1 1 1 0 -1 0 0 0 0 0 {ticks} 0 0 0 20 0 1 0 {start} 1000 {pages} 0 0\n");

    private static IEnumerable<string> Names(RecordedSamples samples, string metric) => samples.Values.Keys
        .Where(k => k.StartsWith(metric, StringComparison.Ordinal))
        .Select(k => k.Split("process.executable.name=")[1].TrimEnd('}'))
        .Order(StringComparer.Ordinal);
}
