using Messaging.Agent.Disk;
using Messaging.Agent.Gpio;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Gpio;

public sealed class EdgeCountersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_AfterASave_GoesOnCounting()
    {
        var counters = Open();
        counters.Add("meter");
        counters.Add("meter");
        counters.Save();
        counters.Add("meter");

        var next = Open();
        next.Add("meter");

        Assert.Equal((3, 0, null), (next["meter"], next["other"], next.LoadProblem));
    }

    [Fact]
    public void Save_NothingCounted_WritesNothing()
    {
        Open().Save();

        Assert.False(File.Exists(_folder.File(EdgeCounters.FileName)));
    }

    [Fact]
    public void Open_DamagedFile_BeginsAnewAndSaysWhy()
    {
        _folder.Write(EdgeCounters.FileName, "{");

        var counters = Open();

        Assert.NotNull(counters.LoadProblem);
        Assert.Equal(0, counters["meter"]);
    }

    public void Dispose() => _folder.Dispose();

    private EdgeCounters Open() => new(PhysicalDisk.Instance, _folder.Path);
}
