using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Messaging.Agent.Hosting;

/// <summary>Tells systemd that the agent is alive, as long as it is: see WatchdogSec in systemd.service(5).</summary>
internal sealed class Watchdog(ISystemdNotifier notifier, SpoolKeeper keeper, TimeProvider time) : BackgroundService
{
    private const string PeriodVariable = "WATCHDOG_USEC";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!long.TryParse(Environment.GetEnvironmentVariable(PeriodVariable), CultureInfo.InvariantCulture, out var microseconds) || microseconds <= 0)
        {
            return;
        }

        var period = TimeSpan.FromMicroseconds(microseconds);
        using var timer = new PeriodicTimer(period / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (time.GetElapsedTime(keeper.TickedAt) < period)
                {
                    notifier.Notify(new ServiceState("WATCHDOG=1"));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping has a limit of its own.
        }
    }
}
