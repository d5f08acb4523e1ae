using Messaging.Agent.Events;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Logs;

/// <summary>Runs every log source; one that fails is started again from its newest durable checkpoints.</summary>
internal sealed partial class LogSupervisor(
    IEnumerable<ILogSource> sources,
    ILogCheckpoints checkpoints,
    ILogSink sink,
    IEventSink events,
    TimeProvider time,
    ILogger<LogSupervisor> logger)
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(5);

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(sources.Select(source => RunAsync(source, ct)));

    private async Task RunAsync(ILogSource source, CancellationToken ct)
    {
        string? reported = null;
        while (true)
        {
            try
            {
                await source.RunAsync(checkpoints.Find(source.CheckpointPrefix), sink, ct);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // One source's trouble (or the spool's) must not end the others; the reason is logged and reported when it is new.
                LogFailed(e, source.Name);
                if (reported != e.Message)
                {
                    events.Report(new("log.source.failed", DeviceEvent.Warning, [new("source", source.Name), new("reason", e.Message)]));
                    reported = e.Message;
                }
            }

            await Task.Delay(RestartDelay, time, ct);
        }
    }

    [LoggerMessage(EventId = 2100, Level = LogLevel.Warning, Message = "Log source {Source} failed and is started again")]
    private partial void LogFailed(Exception exception, string source);
}
