using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>Begins to write when the host starts, and writes what waits when it stops: it starts before whoever serves clients, and so stops after them.</summary>
internal sealed class JournalHost(Broker broker) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        broker.Journal.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        broker.Journal.Stop();
        return Task.CompletedTask;
    }
}
