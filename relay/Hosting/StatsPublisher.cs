using Messaging.Relay.Routing;
using Messaging.Wire;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Hosting;

/// <summary>Sends the counters to control, again and again.</summary>
internal sealed class StatsPublisher(RelayStatus status, MessageRouter router, RelayOptions options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.StatsInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var values = status.Counters.Select(pair => KeyValuePair.Create(pair.Key, (ulong)pair.Value));
            router.Tell(Topics.RelayStats, Topics.RelayStats, new RelayStats([.. values]).Encode());
        }
    }
}
