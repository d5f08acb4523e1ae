namespace Messaging.FleetServer.Trust;

/// <summary>Renews the server's HPKE key every week and forgets keys to which nothing that is still accepted was sealed.</summary>
internal sealed partial class ServerKeyKeeper(ITrustService trust, FleetKeys keys, TimeProvider time, ILogger<ServerKeyKeeper> logger)
    : BackgroundService
{
    public static readonly TimeSpan RotationInterval = TimeSpan.FromDays(7);

    /// <summary>How long a device may be away and still deliver what it kept.</summary>
    public static readonly TimeSpan LongestOffline = TimeSpan.FromDays(90);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        do
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (now - keys.RotatedAt >= RotationInterval)
        {
            await trust.RotateAsync(cancellationToken);
            Log.Rotated(logger, trust.NoticeNumber);
        }

        keys.ForgetHpkeReplacedBefore(now - LongestOffline);
    }
}
