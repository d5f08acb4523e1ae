using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Legacy;

/// <summary>Takes over the sessions of the last run, ends those whose agents say nothing, and keeps how far agents have come.</summary>
internal sealed partial class LegacyHost(
    LegacySessions sessions, SessionTable table, LegacyChannels channels, LegacyConnections connections, LegacyCounters counters, LegacyOptions options,
    TimeProvider time, ILogger<LegacyHost> logger) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        LogOn(logger, LegacyNames.Path, channels.Count, sessions.Count);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(SavePositions());
    }

    /// <summary>Ends what is idle, and writes what has moved.</summary>
    public async Task SweepAsync()
    {
        foreach (var session in sessions.All())
        {
            if (!session.IsReceiving && time.GetElapsedTime(session.UsedAt) >= options.SessionIdle)
            {
                counters.Expired();
                if (await connections.EndAsync(session) is { } refusal)
                {
                    LogEndFailed(logger, session.Channel, refusal.StatusMessage);
                }
            }
        }

        await Task.WhenAll(SavePositions());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger, sessions.Count);
        }
    }

    /// <summary>What is not written now is written at the next time, or the agent gets some events again.</summary>
    private IEnumerable<Task<StoreOutcome>> SavePositions() =>
        sessions.All().Where(static session => session.Position != session.SavedPosition || session.LatestAddress != session.SavedAddress).Select(table.SaveAsync);

    [LoggerMessage(EventId = 1092, Level = LogLevel.Information, Message = "The legacy profile is on, at {Path}: {Channels} legacy channels and {Sessions} sessions were taken over. Its encryption is weak; --legacy off ends it")]
    private static partial void LogOn(ILogger logger, string path, int channels, int sessions);

    [LoggerMessage(EventId = 1093, Level = LogLevel.Information, Message = "{Sessions} sessions of legacy agents go on after the next start")]
    private static partial void LogStopped(ILogger logger, int sessions);

    [LoggerMessage(EventId = 1094, Level = LogLevel.Warning, Message = "A session of legacy channel {Channel} that nobody used is over. {Reason}")]
    private static partial void LogEndFailed(ILogger logger, Wire.ChannelId channel, string? reason);
}
