using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Health;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.State;
using Messaging.Commands;
using Messaging.Trust;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>
/// Carries an update from one state to the next. Each state is on disk before what it says is begun, and each step can be done again: a power cut at any moment leaves an
/// update that goes on at the next start, and ends committed, reverted or failed.
/// </summary>
internal sealed partial class UpdateRun(
    UpdateStore store,
    UpdateFetcher fetcher,
    IUpdateHelper helper,
    IHealthWatch health,
    IUpdateReports reporter,
    ContentBuilder builder,
    UpdateClock clock,
    Func<FleetTrust> fleet)
{
    /// <summary>A number that a lost write may have used is not used again.</summary>
    private const ulong ReportGap = 1000;

    /// <summary>How often the agent may start while it is on trial: what restarts it is not well.</summary>
    private const int MostStarts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    /// <summary>How long what the helper restarts may take to be ended by it.</summary>
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end, or until the agent is stopped.</summary>
    /// <param name="record">The update.</param>
    /// <param name="context">The command.</param>
    /// <param name="ct">The agent is stopped.</param>
    /// <returns>Running: the agent was stopped, and the next start goes on.</returns>
    public async Task<CommandResult> RunAsync(UpdateRecord record, CommandContext context, CancellationToken ct)
    {
        clock.Begin();
        await using var late = context.Cancelled.Register(() => RefuseLate(record, context));
        var wasSwitched = record.State.IsSwitched();
        try
        {
            if (context.IsFollowed)
            {
                record.ReportNo += ReportGap;
                record.Starts += wasSwitched ? 1 : 0;
                await KeepForSureAsync(record, ct);
            }

            while (!record.State.IsFinal())
            {
                ct.ThrowIfCancellationRequested();
                try
                {
                    await StepAsync(record, wasSwitched, context, ct);
                }
                catch (IOException e)
                {
                    // The disk does not take its end: the step comes to it again.
                    SayTrouble(record, e.Message);
                    await Task.Delay(Pause, clock, ct);
                }
            }

            await EndAsync(record, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new CommandResult(CommandState.Running);
        }

        return record.State == UpdateState.Committed ? CommandResult.Done(record.Detail) : CommandResult.Failed($"{(record.State == UpdateState.Reverted ? "Reverted" : "Failed")} ({record.Reason}): {record.Detail}");
    }

    private async Task StepAsync(UpdateRecord record, bool wasSwitched, CommandContext context, CancellationToken ct)
    {
        var cancelled = context.Cancelled;
        try
        {
            if (record.State.IsSwitched())
            {
                await SwitchedAsync(record, wasSwitched, context, ct);
                return;
            }

            if (clock.Left(record) is var left && left <= TimeSpan.Zero)
            {
                throw new UpdateFailedException(UpdateReasons.Deadline, $"It was not switched within {OptionText.Write(TimeSpan.FromSeconds(record.Assignment.Seconds))}; it was {record.State.Word()}. {record.Detail}");
            }

            // A timer has a limit; what is longer comes here again.
            using var until = new CancellationTokenSource(left < LongestTimer ? left : LongestTimer, clock);
            using var any = CancellationTokenSource.CreateLinkedTokenSource(until.Token, cancelled, ct);
            await BeforeAsync(record, context, any.Token);
        }
        catch (UpdateFailedException e)
        {
            Fail(record, e.Reason, e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            if (cancelled.IsCancellationRequested)
            {
                Fail(record, UpdateReasons.Cancelled, $"It was cancelled while it was {record.State.Word()}.");
            }
        }
        catch (Exception e) when (e is IOException or UpdateHelperException)
        {
            // A full disk, a helper that does not start: the same is tried again until the time is over.
            SayTrouble(record, e.Message);
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>What comes before the switch; interrupted by its deadline, by whoever cancels it, and by the end of the agent.</summary>
    private async Task BeforeAsync(UpdateRecord record, CommandContext context, CancellationToken ct)
    {
        Demand(context.JudgeAgain());
        switch (record.State)
        {
            case UpdateState.Assigned:
                if (record.DelayMs - record.SpentMs is > 0 and var wait)
                {
                    Say(record, $"The download begins in {OptionText.Write(TimeSpan.FromSeconds(wait / 1000))}.");
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(wait, (long)LongestTimer.TotalMilliseconds)), clock, ct);
                    return;
                }

                Move(record, UpdateState.Downloading);
                return;
            case UpdateState.Downloading or UpdateState.Verifying:
                await fetcher.RunAsync(record, (state, detail, done, total) => Tell(record, state, detail, done, total), () => Keep(record), ct);
                Move(record, UpdateState.Verifying);

                // It may have been held for days.
                Demand(context.JudgeAgain());
                await StageAsync(record, ct);
                Move(record, UpdateState.Staged);
                builder.Share(record);
                return;
            default:
                await AwaitWindowAsync(record, context, ct);
                ct.ThrowIfCancellationRequested();
                Move(record, UpdateState.Switching);
                return;
        }
    }

    /// <summary>Tells that it has ended, and forgets what was kept for it.</summary>
    private async Task EndAsync(UpdateRecord record, CancellationToken ct)
    {
        reporter.Tell(record, null, record.Detail);
        await reporter.SignAsync(record, ReleaseOf(record), ct);
        try
        {
            store.Clear();
        }
        catch (IOException)
        {
            // It has ended and said so; the next one clears what is left before it begins.
        }

        if (helper.IsThere)
        {
            try
            {
                await helper.AskAsync(new UpdateRequest(UpdateVerb.Forget, record.Id), ct);
            }
            catch (UpdateHelperException)
            {
                // It keeps some files more, and says so when it is asked for something again.
            }
        }
    }

    private static void RefuseLate(UpdateRecord record, CommandContext context)
    {
        if (record.State.IsSwitched())
        {
            context.RefuseToEnd($"The update is {record.State.Word()}: it ends by itself, committed or reverted.");
        }
    }

    private static Release? ReleaseOf(UpdateRecord record)
    {
        try
        {
            return record.Release;
        }
        catch (Messaging.Updates.TufException)
        {
            // Why it failed.
            return null;
        }
    }

    private void Move(UpdateRecord record, UpdateState state, string detail = "")
    {
        var before = (record.State, record.Detail);
        (record.State, record.Detail) = (state, detail);
        try
        {
            Keep(record);
        }
        catch (IOException)
        {
            (record.State, record.Detail) = before;
            throw;
        }

        Say(record, detail);
    }

    /// <summary>Nothing was switched, or it is switched back already.</summary>
    private void Fail(UpdateRecord record, string reason, string detail) => End(record, UpdateState.Failed, reason, detail);

    private void End(UpdateRecord record, UpdateState state, string reason, string detail)
    {
        var before = (record.State, record.Reason, record.Detail);
        (record.State, record.Reason, record.Detail) = (state, reason, detail);
        try
        {
            Keep(record);
        }
        catch (IOException)
        {
            // No end is signed that a power cut could take back.
            (record.State, record.Reason, record.Detail) = before;
            throw;
        }
    }

    private void Keep(UpdateRecord record)
    {
        clock.Spend(record);
        store.Keep(record);
    }

    /// <summary>An update that goes on does not end because the disk is full for a while: on the other side of a switch nobody else would say what became of it.</summary>
    private async Task KeepForSureAsync(UpdateRecord record, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                Keep(record);
                return;
            }
            catch (IOException e)
            {
                SayTrouble(record, e.Message);
                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    private void Say(UpdateRecord record, string detail)
    {
        record.Detail = detail;
        reporter.Tell(record, record.State.IsFinal() ? null : clock.Left(record), detail);
    }

    /// <summary>Before the switch it is what is waited for; after it, why it is rolled back stays as it is.</summary>
    private void SayTrouble(UpdateRecord record, string what)
    {
        if (record.State.IsSwitched())
        {
            reporter.Tell(record, clock.Left(record), what);
        }
        else
        {
            Say(record, what);
        }
    }

    private void Tell(UpdateRecord record, UpdateState state, string detail, long done, long total)
    {
        (record.State, record.Detail) = (state, detail);
        reporter.Tell(record, clock.Left(record), detail, done, total);
    }
}
