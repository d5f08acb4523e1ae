using System.Globalization;
using Messaging.Agent.Systemd;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary>
/// Tells systemd that the agent is alive as long as all its loops work: see WatchdogSec in systemd.service(5). It needs the same threads
/// and timers as they do, so that it stops with them when these are exhausted.
/// </summary>
internal sealed partial class Watchdog(LoopBeats beats, Notifier notifier, TimeProvider time, ILogger<Watchdog> logger)
{
    private const string PeriodVariable = "WATCHDOG_USEC";

    /// <summary>What systemd waits for, or null when it does not.</summary>
    public static TimeSpan? PeriodFromEnvironment() =>
        long.TryParse(Environment.GetEnvironmentVariable(PeriodVariable), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(TimeSpan period, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(period / 4, time);
        var stuck = "";
        do
        {
            var now = string.Join(", ", beats.Stuck);
            if (now.Length == 0)
            {
                notifier.Alive();
            }
            else if (now != stuck)
            {
                Log.Stuck(logger, now);
                notifier.Status("Hanging: " + now);
            }

            stuck = now;
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3060, Level = LogLevel.Critical, Message = "Hanging: {Loops}; the watchdog is not fed until that is over")]
        public static partial void Stuck(ILogger logger, string loops);
    }
}
