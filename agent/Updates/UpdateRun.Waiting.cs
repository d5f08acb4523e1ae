using Messaging.Agent.Commands;
using Messaging.Agent.Updates.State;
using Messaging.Commands;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>What an update waits for before it is switched: a window, and those who may still have it installed.</summary>
internal sealed partial class UpdateRun
{
    /// <summary>Returns in a window, when those who signed it may have it switched.</summary>
    /// <exception cref="UpdateFailedException">They may not have it installed any more.</exception>
    private async Task AwaitWindowAsync(UpdateRecord record, CommandContext context, CancellationToken ct)
    {
        while (true)
        {
            var verdict = context.JudgeAgain();
            Demand(verdict);
            var rule = fleet().Roster.Policy.RuleFor(CommandTypes.Update);
            var now = clock.NowUnixMs;
            var isOpen = rule.Windows.Count == 0;
            foreach (var window in rule.Windows)
            {
                isOpen |= now is { } at && window.Contains(at);
            }

            if (isOpen && !verdict.Waits)
            {
                return;
            }

            var why = verdict.Waits ? verdict.Message : WindowText.Waiting(rule, now);
            if (record.State != UpdateState.Waiting || record.Detail != why)
            {
                Move(record, UpdateState.Waiting, why);
            }

            // An opening is at a full minute.
            var minute = TimeSpan.FromMinutes(1);
            await Task.Delay(now is { } known ? minute - TimeSpan.FromMilliseconds(known % (long)minute.TotalMilliseconds) : minute, clock, ct);
        }
    }

    /// <exception cref="UpdateFailedException">Those who signed it may not have it installed any more.</exception>
    private static void Demand(CommandVerdict verdict)
    {
        if (Refusal(verdict) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <returns>Null: those who signed it may have it installed, or will be looked at again.</returns>
    private static UpdateFailedException? Refusal(CommandVerdict verdict) => verdict.IsAccepted
        ? null
        : new UpdateFailedException(UpdateReasons.NotPermitted, $"It was permitted when it came, and is not any more. {verdict.Message}");
}
