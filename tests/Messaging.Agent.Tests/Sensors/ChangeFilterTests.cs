using Messaging.Agent.Sensors;

namespace Messaging.Agent.Tests.Sensors;

public sealed class ChangeFilterTests
{
    [Fact]
    public void Passes_NoDeadband_LetsAllThrough()
    {
        var filter = new ChangeFilter(0, TimeSpan.FromMinutes(5));

        Assert.All(new[] { 1.0, 1.0, 1.0 }, value => Assert.True(filter.Passes(value, TimeSpan.Zero)));
    }

    [Fact]
    public void Passes_Deadband_MeasuresFromTheLastReportedValue()
    {
        var filter = new ChangeFilter(0.5, TimeSpan.FromMinutes(5));

        Assert.Equal(
            [true, false, false, true, false, true],
            new[] { 20.0, 20.2, 20.4, 20.5, 20.1, 20.0 }.Select(value => filter.Passes(value, TimeSpan.Zero)));
    }

    [Fact]
    public void Passes_NothingChangesForLong_ReportsAllTheSame()
    {
        var filter = new ChangeFilter(0.5, TimeSpan.FromMinutes(5));

        Assert.Equal(
            [true, false, true, false],
            new[] { 1, 300, 301, 302 }.Select(second => filter.Passes(7, TimeSpan.FromSeconds(second))));
    }

    [Fact]
    public void Passes_AfterAFailure_ReportsTheNextValue()
    {
        var filter = new ChangeFilter(0.5, TimeSpan.FromMinutes(5));
        Assert.True(filter.Passes(7, TimeSpan.Zero));

        filter.Reset();

        Assert.True(filter.Passes(7, TimeSpan.Zero));
    }
}
