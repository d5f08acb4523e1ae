using Messaging.Relay.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Channels;

/// <summary>Begins to write when the host starts, removes what is old from time to time, and writes what waits when it stops.</summary>
internal sealed partial class ChannelHost(RelayStore store, ChannelRegistry registry, TimeProvider time, ILogger<ChannelHost> logger) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        store.Stop();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                registry.Sweep();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger, registry.Count);
        }
    }

    [LoggerMessage(EventId = 1084, Level = LogLevel.Information, Message = "{Channels} channels are closed")]
    private static partial void LogStopped(ILogger logger, int channels);
}
