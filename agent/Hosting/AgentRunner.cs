using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Systemd;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary>Starts the parts in order and ends them in order: first what makes records, then what writes them, then what sends them.</summary>
internal sealed partial class AgentRunner(
    AgentState state,
    AgentParts parts,
    IEventSink events,
    TimeProvider time,
    AgentLife life,
    LoopBeats beats,
    Notifier notifier,
    ILogger<AgentRunner> logger)
{
    /// <summary>How long the last records get to be confirmed before the connection is closed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProducerPatience = TimeSpan.FromSeconds(1);

    private readonly LoopBeat _receiving = Idle(beats.Add("receiving", LoopBeats.Step));

    /// <summary>Runs until the agent's life ends, then ends everything in order.</summary>
    public async Task RunAsync()
    {
        using var producing = new CancellationTokenSource();
        using var writing = new CancellationTokenSource();
        using var sending = new CancellationTokenSource();
        Begin();
        var sent = Idle(beats.Add("sending", LoopBeats.Exchange));

        Task[] writers =
        [
            Guard(parts.Events.RunAsync(writing.Token, Idle(beats.Add("events", LoopBeats.Step)))),
            Guard(parts.Metrics.RunAsync(writing.Token, beats.Add("metrics", LoopBeats.Step))),
            Guard(parts.LogBatcher.RunAsync(writing.Token, Idle(beats.Add("logs", LoopBeats.Step)))),
        ];
        Task[] senders =
        [
            Guard(parts.Keeper.RunAsync(sending.Token, beats.Add("spool", LoopBeats.Step))),
            Guard(parts.Connection.RunAsync(Receive, (connection, ct) => parts.Sender.RunAsync(connection, ct, sent), sending.Token)),
        ];
        Task[] producers =
        [
            Guard(parts.Commands.RunAsync(producing.Token)),
            Guard(parts.DeviceInfo.RunAsync(producing.Token)),
            Guard(parts.Keys.RunAsync(producing.Token)),
            .. parts.Producers.Select(producer => Guard(producer.RunAsync(producing.Token))),
        ];

        notifier.Ready(DescribeConnection());
        await WatchConnectionAsync();
        notifier.Stopping();
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
            ("fleet", state.FleetTrust.WasLost),
            ("trust", state.Trust.WasLost),
            ("epoch", state.Epochs.WasDamaged),
            ("twin", state.Twin.WasLost),
            ("update", state.Updates.WasLost),
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
            events.Report(new DeviceEvent(
                AgentEvents.SpoolProblem,
                DeviceEvent.Warning,
                [new("kind", SpoolKeeper.Word(SpoolProblemKind.WriteFailed)), new("detail", "at the start nothing could be stored"), new("count", "1")]));
        }

        events.Report(new DeviceEvent(
            AgentEvents.Started, DeviceEvent.Info, [new("version", DeviceFacts.AgentVersion), new("previous", state.Run.Previous)]));
        Log.Started(logger, DeviceFacts.AgentVersion, state.Membership.DeviceId, state.Run.Previous);
    }

    private void End()
    {
        parts.Keeper.SaveTime();
        parts.Data.Save();
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

    private static LoopBeat Idle(LoopBeat beat)
    {
        beat.Idle();
        return beat;
    }

    private string DescribeConnection() => parts.ConnectionState.IsConnected ? "Connected" : "Collecting; not connected";

    /// <summary>What "systemctl status" shows, until the agent has to end.</summary>
    private async Task WatchConnectionAsync()
    {
        var told = "";
        using var timer = new PeriodicTimer(StatusInterval, time);
        try
        {
            do
            {
                var now = DescribeConnection();
                if (now != told)
                {
                    notifier.Status(now);
                    told = now;
                }
            }
            while (await timer.WaitForNextTickAsync(life.Stopping));
        }
        catch (OperationCanceledException)
        {
            // It has to end.
        }
    }

    private Task Receive(ReadOnlyMemory<byte> frame)
    {
        _receiving.Busy();
        parts.Downlink.Receive(frame.Span);
        _receiving.Idle();
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
            life.Stop(ExitCodes.Failed);
        }
    }
}
