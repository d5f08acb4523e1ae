using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class SystemEndpointsTests
{
    [Fact]
    public async Task System_AskedLongAfterTheStart_SaysWhenTheServerStarted()
    {
        await using var host = new ApiHost();
        await host.InitializeAsync();
        var started = host.Time.GetUtcNow();
        host.Time.Advance(TimeSpan.FromHours(3));
        using var client = await host.With(OperatorRole.Viewer);

        var system = await client.Get("/api/v1/system");

        Assert.Equal(started, Time(system, "startedAt"));
        Assert.Equal(started.AddHours(3), Time(system, "time"));
    }

    private static DateTimeOffset Time(ApiAnswer answer, string name) =>
        DateTimeOffset.Parse(answer[name]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
