using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Telemetry.Retention;

/// <summary>Forgets what is older than the options say: measurements, log lines, events, what commands wrote, commands, audit.</summary>
internal sealed partial class RetentionService(
    TelemetryRetention telemetry, CommandRetention commands, AuditRetention audit, FleetServerOptions options, TimeProvider time, ILogger<RetentionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Between two transactions: the writer of new telemetry goes first.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>One round. Returns the number of rows that were deleted.</summary>
    public async Task<long> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var deleted = 0L;
        var batches = telemetry.DeletePointsBefore(now.AddDays(-options.PointsRetentionDays))
            .Concat(telemetry.DeleteLogsBefore(now.AddDays(-options.LogsRetentionDays)))
            .Concat(telemetry.DeleteEventsBefore(now.AddDays(-options.LogsRetentionDays)))
            .Concat(telemetry.DeleteOutputBefore(now.AddDays(-options.LogsRetentionDays)));
        foreach (var batch in batches)
        {
            deleted += batch;
            await Task.Delay(Pause, time, cancellationToken);
        }

        await foreach (var batch in commands.DeleteBeforeAsync(now.AddDays(-options.CommandsRetentionDays), cancellationToken))
        {
            deleted += batch;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return deleted + await audit.DeleteBeforeAsync(now.AddDays(-options.AuditRetentionDays), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (await RunOnceAsync(stoppingToken) is > 0 and var deleted)
                    {
                        LogDeleted(logger, deleted);
                    }
                }
                catch (Microsoft.Data.Sqlite.SqliteException e)
                {
                    // A full disk or a busy database: the next round tries again.
                    LogFailed(logger, e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
