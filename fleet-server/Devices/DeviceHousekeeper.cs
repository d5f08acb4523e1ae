namespace Messaging.FleetServer.Devices;

/// <summary>Loads the registry before others start, then notices silence and stores when devices were last seen.</summary>
internal sealed partial class DeviceHousekeeper(DeviceRegistry registry, TimeProvider time, ILogger<DeviceHousekeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan ReviewInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await registry.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await registry.SaveLastSeenAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReviewInterval, time);
        var saved = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            registry.ReviewPresence();
            if (time.GetElapsedTime(saved) < SaveInterval)
            {
                continue;
            }

            saved = time.GetTimestamp();
            await SaveAsync(stoppingToken);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.SaveLastSeenAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Nothing depends on it, and the next round tries again.
            Log.SaveFailed(logger, error);
        }
    }
}
