using Messaging.FleetServer.Trust;

namespace Messaging.FleetServer.Hosting;

/// <summary>Tells the fleet, by its signed notice, where the relay is, once the listeners are bound.</summary>
internal sealed class NoticeAnnouncement(ITrustService trust, ServerAddresses addresses) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken) =>
        trust.PublishAsync(new NoticeAddresses(addresses.Mqtt, addresses.TlsPins), cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
