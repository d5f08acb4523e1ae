using Messaging.Agent.Commands.Output;
using Messaging.Commands;
using Messaging.Streams;

namespace Messaging.Agent.Commands;

/// <summary>From its handler, or what keeps it from that, to its end in the journal.</summary>
internal sealed partial class CommandCenter
{
    /// <summary>Also when the agent ends meanwhile: then the next start settles it.</summary>
    private async Task SettleAsync(JournaledCommand command, CommandResult result)
    {
        try
        {
            await EndAsync(command, result);
        }
        catch (OperationCanceledException)
        {
            // The next start decides.
        }
    }

    private bool Stream(CommandOutput output)
    {
        reports.SendHeld();
        return writer.TryAppend(StreamId.Events, RecordType.CommandOutput, output.Encode(), [], durable: false, out _);
    }

    /// <summary>Tries until the journal takes it: nobody else knows what has become of the command.</summary>
    private async Task<JournaledCommand> MoveAsync(JournaledCommand command, CommandResult to)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return journal.Move(command.Id, to.State, writer.WallUnixMs, to.Message, to.ExitCode, to.Recording);
            }
            catch (IOException e)
            {
                if (isFirst)
                {
                    Log.JournalRefused(logger, command.Id, e.Message);
                }
            }

            await Task.Delay(JournalRetry, time, _stopping);
        }
    }

    /// <exception cref="IOException">The journal cannot be written; the command stays as it is.</exception>
    private void End(JournaledCommand command, CommandResult result)
    {
        if (result.State.IsFinal())
        {
            Told(journal.Move(command.Id, result.State, writer.WallUnixMs, result.Message, result.ExitCode, result.Recording), result);
        }
    }

    /// <summary>One that waited, and may not run any more.</summary>
    private async Task EndRefusedAsync(JournaledCommand command, CommandVerdict verdict)
    {
        if (verdict.Reason is { } reason)
        {
            security.Count(reason);
        }

        await EndAsync(command, new CommandResult(verdict.Report ?? CommandState.Rejected, verdict.Message));
    }

    /// <summary>Everything was checked; says what would come next, and what it would do.</summary>
    private async Task EndDryAsync(JournaledCommand command, RunningCommand one)
    {
        var verdict = JudgeAgain(command);
        var content = command.Command.Content;
        if (!verdict.IsAccepted)
        {
            await EndAsync(command, new CommandResult(verdict.Report ?? CommandState.Rejected, verdict.Message));
            return;
        }

        var result = CommandResult.Done();
        if (policy.Handlers[content.Type] is IDryRun dry)
        {
            using var output = new OutputStream(command.Id, (int)options.Commands.StreamBytes, Stream, time);
            result = await GuardAsync(command.Id, () => dry.TryAsync(new CommandContext(command.Id, content.Arguments, output, one.Cancelled), _stopping));
            output.End();
        }

        var when = result.State != CommandState.Done ? "would fail." : verdict.Waits ? $"would be accepted and wait. {verdict.Message}" : "would run now.";
        await EndAsync(command, result with { Message = $"Dry run: {content.Type} {when} {(result.Message.Length > 0 ? result.Message + " " : "")}Nothing was done." });
    }

    private async Task EndAsync(JournaledCommand command, CommandResult result)
    {
        if (result.State.IsFinal())
        {
            Told(await MoveAsync(command, result), result);
        }
    }

    private void Told(JournaledCommand ended, CommandResult result)
    {
        underWay.End(ended.Id);
        executions.Note(ended.Command, ended.State, ended.AtUnixMs, ended.Recording);
        reports.Send(ended.Report(output: result.Output, truncated: result.OutputTruncated), durable: true);
        Log.Ended(logger, ended.Id, ended.State);
    }
}
