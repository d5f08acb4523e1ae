using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary>What has to be done to the spool from time to time: sync, heal, tell what went wrong, keep floors.</summary>
internal sealed partial class SpoolKeeper(
    SpoolStore spool,
    UplinkWriter writer,
    GapReporter gaps,
    CommandReports reports,
    TrustStore trust,
    IEventSink events,
    AgentOptions options,
    TimeProvider time,
    ILogger<SpoolKeeper> logger)
{
    /// <summary>Losing them makes some records go twice; writing them is a dozen writes to the card.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TimeInterval = TimeSpan.FromHours(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct, LoopBeat? beat = null)
    {
        using var timer = new PeriodicTimer(options.Spool.SyncInterval, time);
        var saved = time.GetTimestamp();
        var timeSaved = saved;
        do
        {
            beat?.Busy();
            Tick();
            if (time.GetElapsedTime(saved) >= SaveInterval)
            {
                spool.SaveAcks();
                saved = time.GetTimestamp();
            }

            if (time.GetElapsedTime(timeSaved) >= TimeInterval)
            {
                SaveTime();
                timeSaved = time.GetTimestamp();
            }

            beat?.IdleFor(options.Spool.SyncInterval);
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>The lower bound of the time, for the next start.</summary>
    public void SaveTime()
    {
        try
        {
            trust.SaveTime();
        }
        catch (IOException e)
        {
            Log.TimeNotSaved(logger, e.Message);
        }
    }

    private void Tick()
    {
        if (spool.TryHeal() && writer.TryOpen())
        {
            spool.Sync();
            gaps.Update();
        }

        reports.SendWaiting();
        foreach (var problem in spool.TakeProblems())
        {
            Log.Problem(logger, problem.Kind, problem.Detail, problem.Count);
            var severity = problem.Kind == SpoolProblemKind.Recovered ? DeviceEvent.Info : DeviceEvent.Warning;
            events.Report(new DeviceEvent(
                AgentEvents.SpoolProblem,
                severity,
                [new("kind", Word(problem.Kind)), new("detail", problem.Detail), new("count", problem.Count.ToString())]));
        }
    }

    /// <summary>What the events call it.</summary>
    public static string Word(SpoolProblemKind kind) => kind switch
    {
        SpoolProblemKind.TornTail => "torn-tail",
        SpoolProblemKind.Corrupt => "corrupt",
        SpoolProblemKind.OtherVersion => "other-version",
        SpoolProblemKind.AcksLost => "acks-lost",
        SpoolProblemKind.WriteFailed => "write-failed",
        SpoolProblemKind.Recovered => "recovered",
        SpoolProblemKind.ServerRestored => "server-restored",
        _ => "evicted",
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 3040, Level = LogLevel.Warning, Message = "Spool: {Kind}: {Detail} ({Count})")]
        public static partial void Problem(ILogger logger, SpoolProblemKind kind, string detail, long count);

        [LoggerMessage(EventId = 3041, Level = LogLevel.Warning, Message = "The time could not be stored: {Reason}")]
        public static partial void TimeNotSaved(ILogger logger, string reason);
    }
}
