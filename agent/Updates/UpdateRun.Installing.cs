using System.Security.Cryptography;
using Messaging.Agent.Commands;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.State;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>From the content on the disk to its end.</summary>
internal sealed partial class UpdateRun
{
    private const string AgentKind = "agent";

    /// <summary>For how long what must be done for sure is tried.</summary>
    private static readonly TimeSpan LongestTrying = TimeSpan.FromMinutes(30);

    private async Task StageAsync(UpdateRecord record, CancellationToken ct)
    {
        while (true)
        {
            var answer = await helper.AskAsync(new UpdateRequest(UpdateVerb.Stage, record.Id, record.Assignment.Target), ct);
            if (answer is { Outcome: UpdateOutcome.Done, Phase: not UpdatePhase.None })
            {
                return;
            }

            if (answer.Outcome != UpdateOutcome.Later)
            {
                throw new UpdateFailedException(answer.Reason.Length > 0 ? answer.Reason : UpdateReasons.HookFailed, answer.Text);
            }

            Say(record, answer.Text);
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>From the switch on only the helper's word counts: it, and the guard, can have done it without the agent.</summary>
    private async Task SwitchedAsync(UpdateRecord record, bool wasSwitched, CommandContext context, CancellationToken ct)
    {
        var look = await helper.AskAsync(new UpdateRequest(UpdateVerb.Look, record.Id), ct);
        if (record.Custom.IsEmpty && fetcher.Recall(record.Assignment.Target) is { } custom)
        {
            record.Custom = custom;
        }

        switch (look.Phase)
        {
            case UpdatePhase.None:
                Fail(record, UpdateReasons.Interrupted, "The helper has nothing of it any more: nothing was switched.");
                break;
            case UpdatePhase.Staged or UpdatePhase.Switching when record.Reason.Length == 0:
                await SwitchAsync(record, look.Phase, context, ct);
                break;
            case UpdatePhase.Switched or UpdatePhase.Committing when record.Reason.Length == 0:
                await TryAsync(record, wasSwitched, ct);
                break;
            case UpdatePhase.Committed when ReleaseOf(record) is { } release:
                End(record, UpdateState.Committed, "", $"{release.Name} {release.Version} is installed{(record.Before.Length > 0 ? $"; it was {record.Before}" : "")}.");
                break;
            case UpdatePhase.Committed:
                Fail(record, UpdateReasons.Interrupted, "What the agent kept of it and of the repository was lost; the helper says that it is installed.");
                break;
            case UpdatePhase.Reverted:
                var why = look.Reason.Length > 0 ? look.Reason : UpdateReasons.StartFailed;
                End(record, UpdateState.Reverted, why, look.Text.Length > 0 && record.Reason.Length == 0 ? look.Text : record.Detail);
                break;
            default:
                await RollBackAsync(record, ct);
                break;
        }
    }

    private async Task SwitchAsync(UpdateRecord record, UpdatePhase phase, CommandContext context, CancellationToken ct)
    {
        // A power cut may have come since it was decided, or the hook says "later" for days.
        if (Refusal(context.JudgeAgain()) is { } refusal)
        {
            if (phase == UpdatePhase.Staged)
            {
                throw refusal;
            }

            await GiveUpAsync(record, refusal.Reason, refusal.Message, ct);
            return;
        }

        if (clock.Left(record) <= TimeSpan.Zero)
        {
            await GiveUpAsync(record, UpdateReasons.Deadline, "It could not be switched in time.", ct);
            return;
        }

        var answer = await helper.AskAsync(new UpdateRequest(UpdateVerb.Switch, record.Id), ct);
        switch (answer.Outcome)
        {
            case UpdateOutcome.Done when answer.Next.Length > 0:
                await AwaitRestartAsync(record, answer.Next, ct);
                break;
            case UpdateOutcome.Done:
                break;
            case UpdateOutcome.Later:
                Say(record, answer.Text);
                await Task.Delay(Pause, clock, ct);
                break;
            default:
                // The helper goes back by itself; what it says next counts.
                (record.Detail, record.Reason) = (answer.Text, answer.Phase == UpdatePhase.Reverted ? "" : answer.Reason);
                Keep(record);
                break;
        }
    }

    /// <summary>It is the current one: is it what runs, and does it work?</summary>
    private async Task TryAsync(UpdateRecord record, bool wasSwitched, CancellationToken ct)
    {
        if (ReleaseOf(record) is not { } release)
        {
            await GiveUpAsync(record, UpdateReasons.Interrupted, "What the agent kept of it was lost.", ct);
            return;
        }

        if (release.Kind == AgentKind && !await IsRunningAsync(record, release, ct))
        {
            await GiveUpAsync(
                record, UpdateReasons.StartFailed, wasSwitched ? "It was switched, and another version started." : "It was switched, and the agent was not restarted.", ct);
            return;
        }

        if (record.Starts > MostStarts)
        {
            await GiveUpAsync(record, UpdateReasons.Unhealthy, $"The agent was started {record.Starts} times while it was on trial.", ct);
            return;
        }

        if (record.State == UpdateState.Switching)
        {
            Move(record, UpdateState.Booted);
        }

        if (record.State == UpdateState.Booted)
        {
            Move(record, UpdateState.Checking);
        }

        var problem = await health.WatchAsync(release.Health, (detail, left) => reporter.Tell(record, left, detail), ct);
        if (problem is not null)
        {
            await GiveUpAsync(record, UpdateReasons.Unhealthy, problem, ct);
            return;
        }

        var began = clock.GetTimestamp();
        while (true)
        {
            var answer = await helper.AskAsync(new UpdateRequest(UpdateVerb.Commit, record.Id), ct);
            if (answer.Outcome == UpdateOutcome.Done)
            {
                return;
            }

            if (clock.GetElapsedTime(began) > LongestTrying)
            {
                await GiveUpAsync(record, UpdateReasons.HookFailed, answer.Text, ct);
                return;
            }

            Say(record, answer.Text);
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>Why it goes back is on disk before it does, so that the next start says the same.</summary>
    private async Task GiveUpAsync(UpdateRecord record, string reason, string detail, CancellationToken ct)
    {
        (record.Reason, record.Detail) = (reason, detail);
        Keep(record);
        await RollBackAsync(record, ct);
    }

    private async Task RollBackAsync(UpdateRecord record, CancellationToken ct)
    {
        reporter.Tell(record, LongestTrying, $"It is rolled back: {record.Detail}");
        var answer = await helper.AskAsync(new UpdateRequest(UpdateVerb.Rollback, record.Id, record.Reason.Length > 0 ? record.Reason : UpdateReasons.Interrupted), ct);
        if (answer.Next.Length > 0)
        {
            await AwaitRestartAsync(record, answer.Next, ct);
        }
        else if (answer.Phase != UpdatePhase.Reverted)
        {
            // It has to be: there is no other way out.
            reporter.Tell(record, LongestTrying, $"It cannot be rolled back yet: {answer.Text}");
            await Task.Delay(Pause, clock, ct);
        }
    }

    /// <summary>Whoever restarts this program, or the machine, ends it meanwhile.</summary>
    private async Task AwaitRestartAsync(UpdateRecord record, string next, CancellationToken ct)
    {
        reporter.Tell(record, RestartPatience, next == "reboot" ? "The device restarts." : "The agent restarts.");
        await Task.Delay(RestartPatience, clock, ct);
    }

    private static async Task<bool> IsRunningAsync(UpdateRecord record, Release release, CancellationToken ct)
    {
        if (Environment.ProcessPath is not { } path)
        {
            return false;
        }

        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)) == ContentBuilder.Expected(record, release).Sha256;
    }
}
