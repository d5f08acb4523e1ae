using Messaging.FleetServer.Trust;

namespace Messaging.FleetServer.Hosting;

/// <summary>Tells the fleet, by its signed notice, where the relay is, once the listeners are bound.</summary>
internal sealed class NoticeAnnouncement(ITrustService trust, ServerAddresses addresses, Announcer announcer) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await trust.PublishAsync(new NoticeAddresses(addresses.Mqtt, addresses.TlsPins), cancellationToken);
        if (!trust.IsNamed)
        {
            announcer.Say("This server has new keys that the fleet's roster does not name yet: devices do not heed it. An owner puts it in: fleetctl roster replace-server");
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
