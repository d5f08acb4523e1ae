using Messaging.Commands;

namespace Messaging.Agent.Commands;

/// <summary>
/// Lets commands run that waited for their maintenance window, one after the other in the order in which they came. They are in the journal:
/// a restart loses none. What time it is is asked again each minute, for clocks are set.
/// </summary>
internal sealed class CommandWindows(CommandJournal journal, TimeProvider time)
{
    /// <summary>More are refused: somebody forgot them.</summary>
    public const int MaxWaiting = 64;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There is one more that waits.</summary>
    public void Arrived() => _arrived.TrySetResult();

    /// <summary>Until cancelled.</summary>
    /// <param name="judge">Whether one may run by now.</param>
    /// <param name="wall">What time it is, in Unix milliseconds; null: that is not known.</param>
    /// <param name="run">Runs a command whose window is open, to its end.</param>
    /// <param name="end">Ends one that may not run any more.</param>
    /// <param name="ct">Stops.</param>
    public async Task RunAsync(
        Func<JournaledCommand, CommandVerdict> judge,
        Func<long?> wall,
        Func<JournaledCommand, Task> run,
        Func<JournaledCommand, CommandVerdict, Task> end,
        CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                if (await StepAsync(judge, run, end))
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // It stays as it is, and the next start decides.
                return;
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(_arrived.Task, Task.Delay(Pause(wall()), time, pause.Token));
            await pause.CancelAsync();
        }
    }

    /// <summary>True when something happened, and others may be due by now.</summary>
    private async Task<bool> StepAsync(
        Func<JournaledCommand, CommandVerdict> judge, Func<JournaledCommand, Task> run, Func<JournaledCommand, CommandVerdict, Task> end)
    {
        foreach (var command in journal.Waiting)
        {
            var verdict = judge(command);
            if (!verdict.IsAccepted)
            {
                await end(command, verdict);
                return true;
            }

            if (!verdict.Waits)
            {
                await run(command);
                return true;
            }
        }

        return false;
    }

    /// <summary>Until the next of them may expire; an opening is at a full minute, and so is looked for at each.</summary>
    private TimeSpan Pause(long? unixMs)
    {
        if (unixMs is not { } now)
        {
            return LongestPause;
        }

        var minute = (long)LongestPause.TotalMilliseconds;
        var until = now - (now % minute) + minute;
        foreach (var command in journal.Waiting)
        {
            until = Math.Min(until, command.Command.Content.ExpiresAtUnixMs + 1);
        }

        return TimeSpan.FromMilliseconds(Math.Clamp(until - now, 1, minute));
    }
}
