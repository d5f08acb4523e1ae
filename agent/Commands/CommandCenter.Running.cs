using Messaging.Agent.Commands.Output;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>From its acceptance to its handler.</summary>
internal sealed partial class CommandCenter
{
    /// <summary>After a crash: what may run twice runs again, anything else ends as unknown.</summary>
    private void Resume(JournaledCommand command)
    {
        var content = command.Command.Content;
        if (content.Type == CommandTypes.Reboot && command.State == CommandState.Running && command.BootId != boot.BootId)
        {
            End(command, CommandResult.Done("The device has restarted."));
        }
        else if (content.DryRun)
        {
            Start(command);
        }
        else if (command.State == CommandState.Running && policy.Handlers.TryGetValue(content.Type, out var follower) && follower.CanBeFollowed)
        {
            Start(command);
        }
        else if (!content.Idempotent || !policy.Handlers.TryGetValue(content.Type, out var handler) || handler.NeedsFreshness)
        {
            var unknown = new CommandResult(CommandState.Unknown, "The agent went down before the command ended; it is not run again.");
            End(command, policy.Handlers.TryGetValue(content.Type, out var left) ? left.AfterCrash(command.Id, unknown) : unknown);
        }
        else if (content.ExpiresAtUnixMs < trusted.LowerBoundUnixMs)
        {
            End(command, new CommandResult(CommandState.Expired, "The agent was down until after its time."));
        }
        else
        {
            Start(command);
        }
    }

    private void Start(JournaledCommand command)
    {
        var one = underWay.Begin(command.Id);
        Track(Task.Run(() => ExecuteAsync(command, one), CancellationToken.None));
    }

    private async Task ExecuteAsync(JournaledCommand command, RunningCommand one)
    {
        var takesSlot = !policy.Handlers.TryGetValue(command.Command.Content.Type, out var handler) || handler.TakesTurns;
        try
        {
            if (takesSlot)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, one.Cancelled);
                await _slots.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested)
            {
                await SettleAsync(command, NotStarted);
            }

            // Else it stays accepted, and the next start decides.
            return;
        }

        try
        {
            await RunAsync(command, one);
        }
        catch (OperationCanceledException)
        {
            // Its end is not in the journal, and the next start decides.
        }
        finally
        {
            if (takesSlot)
            {
                _slots.Release();
            }
        }
    }

    private async Task RunAsync(JournaledCommand command, RunningCommand one)
    {
        var content = command.Command.Content;
        if (content.DryRun)
        {
            await EndDryAsync(command, one);
            return;
        }

        // One that had begun before the agent was restarted: only what has come of it is learned.
        var handler = policy.Handlers[content.Type];
        var isFollowed = handler.CanBeFollowed && command.State == CommandState.Running;
        if (!command.Waits && !isFollowed && IsLate(command))
        {
            await EndAsync(command, Expired);
            return;
        }

        var running = await MoveAsync(command, new CommandResult(CommandState.Running, ""));
        if (isFollowed)
        {
            // It began in time.
        }
        else if (command.Waits ? JudgeAgain(command) is not { IsAccepted: true, Waits: false } : IsLate(command))
        {
            // The disk let it wait.
            await EndAsync(running, Expired);
            return;
        }

        if (!one.TryStart(handler.CanBeStopped))
        {
            await EndAsync(running, NotStarted);
            return;
        }

        reports.Send(running.Report(), durable: false);
        using var alive = time.CreateTimer(_ => TellAgain(command.Id), null, SignOfLife, SignOfLife);
        using var output = new OutputStream(command.Id, (int)options.Commands.StreamBytes, Stream, time);
        var context = new CommandContext(command.Id, content.Arguments, output, one.Cancelled)
        {
            IsFollowed = isFollowed,
            RefuseToEnd = one.Refuse,
            JudgeAgain = () => JudgeUnderWay(command),
        };
        var result = await GuardAsync(command.Id, () => handler.RunAsync(context, _stopping));
        if (result.State.IsFinal())
        {
            output.End();
        }
        else
        {
            output.Leave();
        }

        await EndAsync(running, result);
    }

    private CommandVerdict JudgeUnderWay(JournaledCommand command)
    {
        var verdict = gate.JudgeUnderWay(command.Delivery, fleet.Current.Roster, Situation(command.Command.Content, 0));
        if (verdict.Reason is { } reason)
        {
            security.Count(reason);
        }

        return verdict;
    }

    /// <summary>A server that hears nothing of a command takes its end for unknown.</summary>
    private void TellAgain(CommandId id)
    {
        try
        {
            if (journal.TryTellAgain(id) is { } running)
            {
                reports.Send(running.Report(), durable: false);
            }
        }
        catch (IOException e)
        {
            // The next one may be told.
            Log.JournalRefused(logger, id, e.Message);
        }
    }

    private bool IsLate(JournaledCommand command) =>
        command.Command.Content.ExpiresAtUnixMs < trusted.LowerBoundUnixMs
        || (command.Delivery.Freshness is { } freshness && freshness.UptimeDeadlineMs < boot.UptimeMs);

    private async Task<CommandResult> GuardAsync(CommandId id, Func<Task<CommandResult>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return CommandResult.Failed("The agent was stopped.");
        }
        catch (Exception e)
        {
            // Whatever a handler throws is the command's result.
            Log.Failed(logger, e, id);
            return CommandResult.Failed(e.Message);
        }
    }
}
