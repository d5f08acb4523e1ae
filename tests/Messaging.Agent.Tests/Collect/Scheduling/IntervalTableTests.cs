using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Collect.Scheduling;

public sealed class IntervalTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Overrides => _folder.File(IntervalOverrides.FileName);

    [Fact]
    public void Get_ConfiguredAndDefault_SaysWhoDecided()
    {
        var table = Table(new() { ["cpu"] = Seconds(2) });

        Assert.Equal((Seconds(2), IntervalOrigin.Configuration), table.Get("cpu"));
        Assert.Equal((Seconds(60), IntervalOrigin.Default), table.Get("disk"));
    }

    [Fact]
    public void TrySet_OneOfThemIsWrong_ChangesNothing()
    {
        var table = Table();

        Assert.Equal("there is no collector 'gpu' here; there are cpu, disk", table.TrySet([new("cpu", Seconds(1)), new("gpu", Seconds(1))]));
        Assert.Equal("the interval of 'cpu' must be 100 ms to 7 days", table.TrySet([new("disk", Seconds(1)), new("cpu", TimeSpan.FromMilliseconds(99))]));
        Assert.Equal("the interval of 'cpu' must be 100 ms to 7 days", table.TrySet([new("cpu", TimeSpan.FromDays(8))]));
        Assert.Equal("the interval of 'cpu' must be 100 ms to 7 days", table.TrySet([new("cpu", Seconds(-1))]));

        Assert.Equal((Seconds(60), IntervalOrigin.Default), table.Get("disk"));
        Assert.False(File.Exists(Overrides));
    }

    [Fact]
    public void TrySet_Zero_GoesBackToConfiguration()
    {
        var table = Table(new() { ["cpu"] = Seconds(2) });
        Assert.Null(table.TrySet([new("cpu", Seconds(30))]));
        Assert.Equal((Seconds(30), IntervalOrigin.Command), table.Get("cpu"));

        Assert.Null(table.TrySet([new("cpu", TimeSpan.Zero)]));

        Assert.Equal((Seconds(2), IntervalOrigin.Configuration), table.Get("cpu"));
        Assert.Equal((Seconds(2), IntervalOrigin.Configuration), Table(new() { ["cpu"] = Seconds(2) }).Get("cpu"));
    }

    [Fact]
    public void TrySet_Overrides_OutliveTheProcess()
    {
        Assert.Null(Table().TrySet([new("cpu", TimeSpan.FromMilliseconds(250))]));

        Assert.Equal((TimeSpan.FromMilliseconds(250), IntervalOrigin.Command), Table().Get("cpu"));
    }

    [Fact]
    public void TrySet_FolderCannotBeWritten_ThrowsAndKeepsTheOldInterval()
    {
        var table = Table();
        Directory.CreateDirectory(Overrides + ".new");

        Assert.ThrowsAny<Exception>(() => table.TrySet([new("cpu", Seconds(1))]));

        Assert.Equal((Seconds(10), IntervalOrigin.Default), table.Get("cpu"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"cpu\":\"fast\"}")]
    public void Create_DamagedFile_GoesOnWithoutItAndSaysSo(string content)
    {
        File.WriteAllText(Overrides, content);

        var table = Table();

        Assert.Equal((Seconds(10), IntervalOrigin.Default), table.Get("cpu"));
        Assert.StartsWith(Overrides, table.LoadProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OverridesOutOfBoundsOrUnknown_AreIgnored()
    {
        File.WriteAllText(Overrides, """{"cpu":1,"gpu":5000,"disk":3000}""");

        var table = Table();

        Assert.Null(table.LoadProblem);
        Assert.Equal([new("cpu", Seconds(10)), new("disk", Seconds(3))], table.All);
    }

    public void Dispose() => _folder.Dispose();

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private IntervalTable Table(Dictionary<string, TimeSpan>? configured = null) =>
        new([new("cpu", Seconds(10)), new("disk", Seconds(60))], configured ?? [], Overrides);
}
