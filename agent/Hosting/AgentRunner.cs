using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary>Starts the parts in order and ends them in order: first what makes records, then what writes them, then what sends them.</summary>
internal sealed partial class AgentRunner(
    AgentState state,
    AgentParts parts,
    IEventSink events,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<AgentRunner> logger) : BackgroundService
{
    /// <summary>How long the last records get to be confirmed before the connection is closed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProducerPatience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var producing = new CancellationTokenSource();
        using var writing = new CancellationTokenSource();
        using var sending = new CancellationTokenSource();
        Begin();

        Task[] writers =
        [
            Guard(parts.Events.RunAsync(writing.Token)),
            Guard(parts.Metrics.RunAsync(writing.Token)),
            Guard(parts.LogBatcher.RunAsync(writing.Token)),
        ];
        Task[] senders =
        [
            Guard(parts.Keeper.RunAsync(sending.Token)),
            Guard(parts.Connection.RunAsync(Receive, parts.Sender.RunAsync, sending.Token)),
        ];
        Task[] producers =
        [
            Guard(parts.Commands.RunAsync(producing.Token)),
            Guard(parts.DeviceInfo.RunAsync(producing.Token)),
            Guard(parts.Keys.RunAsync(producing.Token)),
            .. parts.Producers.Select(producer => Guard(producer.RunAsync(producing.Token))),
        ];

        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Report(new DeviceEvent(AgentEvents.Stopping, DeviceEvent.Info, []));
        await producing.CancelAsync();
        await WaitAsync(producers, ProducerPatience);
        await writing.CancelAsync();
        await Task.WhenAll(writers);

        // A log source that was held back until its last lines were written.
        await WaitAsync(producers, ProducerPatience);
        state.Spool.Sync();
        await WaitForAcksAsync();
        await sending.CancelAsync();
        await Task.WhenAll(senders);
        End();
    }

    /// <summary>Until all have ended, or the time is up.</summary>
    private async Task WaitAsync(Task[] parts, TimeSpan limit) =>
        await Task.WhenAll(parts).WaitAsync(limit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Begin()
    {
        foreach (var (file, lost) in new[]
        {
            ("roster", state.Roster.WasLost),
            ("trust", state.Trust.WasLost),
            ("epoch", state.Epochs.WasDamaged),
        })
        {
            if (lost)
            {
                events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Warning, [new("file", file)]));
            }
        }

        if (state.Journal.DamagedBytes > 0)
        {
            events.Report(new DeviceEvent(
                AgentEvents.JournalDamaged, DeviceEvent.Error, [new("bytes", state.Journal.DamagedBytes.ToString())]));
        }

        try
        {
            state.Run.Begin();
        }
        catch (IOException e)
        {
            Log.MarkFailed(logger, e.Message);
        }

        if (!parts.Writer.TryOpen())
        {
            Log.NoEpoch(logger, state.Folder.Path);
        }

        events.Report(new DeviceEvent(
            AgentEvents.Started, DeviceEvent.Info, [new("version", DeviceFacts.AgentVersion), new("previous", state.Run.Previous)]));
        Log.Started(logger, DeviceFacts.AgentVersion, state.Membership.DeviceId, state.Run.Previous);
    }

    private void End()
    {
        parts.Keeper.SaveTime();
        state.Spool.SaveAcks();
        try
        {
            state.Run.End();
        }
        catch (IOException e)
        {
            Log.MarkFailed(logger, e.Message);
        }
    }

    private Task Receive(ReadOnlyMemory<byte> frame)
    {
        parts.Downlink.Receive(frame.Span);
        return Task.CompletedTask;
    }

    private async Task WaitForAcksAsync()
    {
        var began = time.GetTimestamp();
        while (parts.ConnectionState.IsConnected && !parts.Sender.IsControlAway
            && state.Spool.Counts().UnackedRecords > 0 && time.GetElapsedTime(began) < Farewell)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
        }
    }

    /// <summary>No part may end by itself: when one does, the process ends with it and is started anew.</summary>
    private async Task Guard(Task part)
    {
        try
        {
            await part;
        }
        catch (OperationCanceledException)
        {
            // Its end was ordered.
        }
        catch (Exception e)
        {
            Log.PartFailed(logger, e);
            Environment.ExitCode = ExitCodes.Failed;
            lifetime.StopApplication();
        }
    }
}
