using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class QuietLifeTests
{
    [Fact]
    public async Task WholeServer_StartedUsedAndStoppedInOrder_WarnsOfNothing()
    {
        // A build without npm has no dashboard, and a server that should serve one warns of that.
        await using var server = new WholeServer { Roles = FleetRoles.Relay | FleetRoles.Control };
        await server.InitializeAsync();
        await Until.True(
            () => server.Get<IRelayStatus>().Current.State == RelayLinkState.Ready || server.Logs.WarningsAndErrors.Any(), "the link is ready");
        await using var device = await server.EnrolAsync();
        await device.ConnectAsync(server.Options.MqttPort);
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(1_700_000_000_000, 1));
        await device.AcknowledgedAsync("the measurement is stored");

        await server.StopAsync();

        Assert.Empty(server.Logs.WarningsAndErrors);
        Assert.Contains("it has the directory", server.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("The server stops", server.Logs.Text, StringComparison.Ordinal);
    }
}
