using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class SystemTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task System_AskedLater_SaysWhenTheServerStarted()
    {
        var started = host.Time.GetUtcNow();
        host.Time.Advance(TimeSpan.FromHours(3));
        using var viewer = await host.With(OperatorRole.Viewer);

        var answer = await viewer.Get("/api/v1/system");

        Assert.Equal(200, answer.Status);
        Assert.Equal(started, DateTimeOffset.Parse(answer["startedAt"]!.GetValue<string>(), null));
        Assert.Equal(started.AddHours(3), DateTimeOffset.Parse(answer["time"]!.GetValue<string>(), null));
    }
}
