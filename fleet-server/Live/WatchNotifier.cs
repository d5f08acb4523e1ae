using Messaging.FleetServer.Downlinks;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Live;

/// <summary>
/// Tells devices that somebody looks at them, so that they send their measurements soon; otherwise they gather them for longer. What is lost is
/// said again.
/// </summary>
internal sealed partial class WatchNotifier(LiveHub hub, IDownlink downlink, TimeProvider time, ILogger<WatchNotifier> logger) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly byte[] Notice = new Watch(TimeSpan.FromSeconds(50)).Encode();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Before the devices are looked up, so that nobody who joins meanwhile waits for the interval.
            var joined = hub.Joined;
            await Parallel.ForEachAsync(
                hub.Watched,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                async (device, cancellationToken) => await TellAsync(device, cancellationToken));
            await Task.Delay(Pause, time, stoppingToken);
            await Task.WhenAny(joined, Task.Delay(Interval, time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task TellAsync(string device, CancellationToken cancellationToken)
    {
        if (!PrincipalId.TryParse(device, out var id))
        {
            return;
        }

        try
        {
            await downlink.SendAsync(id, StreamId.Control, RecordType.Watch, Notice, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, id, error);
        }
    }
}
