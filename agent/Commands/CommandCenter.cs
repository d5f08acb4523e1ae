using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Status;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Commands;

/// <summary>Takes commands in, journals them, runs them and reports: each state is on disk before the next thing happens.</summary>
internal sealed partial class CommandCenter(
    CommandGate gate,
    CommandPolicy policy,
    CommandJournal journal,
    CommandReports reports,
    RunningCommands underWay,
    ExecutionReporter executions,
    FleetTrustStore fleet,
    DeviceMembership membership,
    IBootClock boot,
    TrustedClock trusted,
    UplinkWriter writer,
    SecurityLog security,
    AgentOptions options,
    TimeProvider time,
    ILogger<CommandCenter> logger) : IStatusPart, IDisposable
{
    private const int MaxAtOnce = 8;
    private const int Shown = 5;

    /// <summary>How many finished commands are told again at a start: their last report may not have reached the disk.</summary>
    private const int ToldAgain = 16;
    private static readonly CommandResult Expired = new(CommandState.Expired, "It waited for others until after its time.");
    private static readonly CommandResult NotStarted = new(CommandState.Cancelled, "It was cancelled before it was started.");
    private static readonly TimeSpan JournalRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _slots = new(MaxAtOnce, MaxAtOnce);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];
    private readonly CommandWindows _windows = new(journal, time);
    private CancellationToken _stopping;

    /// <summary>Settles what a crash left behind, then takes commands until cancelled; what runs then gets the chance to end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        _stopping = ct;
        foreach (var command in journal.Newest(ToldAgain).Reverse().Where(command => command.State.IsFinal()))
        {
            reports.Send(command.Report(), durable: false);
        }

        foreach (var command in journal.Unfinished.Where(command => !command.Waits))
        {
            try
            {
                Resume(command);
            }
            catch (IOException e)
            {
                // It stays as it is, and the next start decides again.
                Log.JournalRefused(logger, command.Id, e.Message);
            }
        }

        foreach (var command in journal.Waiting)
        {
            Await(command.Id);
        }

        await _windows.RunAsync(
            JudgeWaiting, () => writer.WallUnixMs, command => ExecuteAsync(command, underWay.Find(command.Id) ?? underWay.Begin(command.Id)), EndRefusedAsync, ct);
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
    }

    /// <summary>A command record of control. Returns when it is accepted or refused.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        if (!CommandDelivery.TryParse(bytes, out var delivery))
        {
            security.Count("command-malformed");
            return;
        }

        var command = delivery.Command;
        var content = command.Content;
        if (journal.TryGet(content.Id, out var known))
        {
            // Control sends again what it has no answer to; a forged one with a known id learns and changes nothing.
            if (known.Command.Bytes.Span.SequenceEqual(command.Bytes.Span))
            {
                reports.Send(known.Report(), durable: false);
            }
            else
            {
                security.Count("command-id-reused");
            }

            return;
        }

        var verdict = gate.Judge(delivery, fleet.Current.Roster, Situation(content, journal.Floor(content.IssuerId, command.Signatures > 0)));
        if (verdict is { Waits: true } && !content.DryRun && journal.Waiting.Count >= CommandWindows.MaxWaiting)
        {
            verdict = CommandVerdict.Rejected(
                "command-too-many-waiting", $"{CommandWindows.MaxWaiting} commands wait for their maintenance windows here; more are not taken.");
        }

        if (!verdict.IsAccepted)
        {
            Refuse(command, verdict);
            return;
        }

        if (IsCancelledBefore(content))
        {
            executions.Note(command, CommandState.Cancelled, writer.WallUnixMs);
            reports.Send(new CommandReport(content.Id, 1, CommandState.Cancelled, writer.WallUnixMs, null, null, "It was cancelled before it came.", default, false), durable: false);
            return;
        }

        Accept(delivery, verdict);
    }

    public void Contribute(StatusBuilder status)
    {
        foreach (var command in journal.Waiting.Concat(journal.Newest(Shown).Where(command => !command.Waits)))
        {
            status.Commands.Add(new CommandStatus(
                command.Id.ToString(),
                command.Command.Content.Type,
                command.Waits ? "waiting" : command.State.Word(),
                command.AtUnixMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                command.Waits ? WindowText.Awaited(fleet.Current.Roster.Policy.RuleFor(command.Command.Content.Type), writer.WallUnixMs)
                    : command.Message.Length == 0 ? null : command.Message));
        }
    }

    public void Dispose() => _slots.Dispose();

    private CommandSituation Situation(CommandContent content, ulong floor) =>
        new(membership.DeviceId, trusted.LowerBoundUnixMs, writer.WallUnixMs, boot.BootId, boot.UptimeMs, floor) { CancelledType = CancelledType(content) };

    private CommandVerdict JudgeAgain(JournaledCommand command) => gate.JudgeAgain(command.Delivery, fleet.Current.Roster, Situation(command.Command.Content, 0));

    private CommandVerdict JudgeWaiting(JournaledCommand command) =>
        underWay.Find(command.Id) is { Cancelled.IsCancellationRequested: true } ? CommandVerdict.Cancelled(NotStarted.Message) : JudgeAgain(command);

    /// <summary>It can be cancelled while it waits for its window.</summary>
    private void Await(CommandId id)
    {
        underWay.Begin(id).Cancelled.Register(_windows.Arrived);
        _windows.Arrived();
    }

    private string? CancelledType(CommandContent content) =>
        content.Type == CommandTypes.Cancel && CancelArguments.TryDecode(content.Arguments.Span, out var id) && journal.TryGet(id, out var other)
            ? other.Command.Content.Type
            : null;

    /// <summary>A relay may bring the cancellation first. Now that the type is known, whoever cancelled must be one who may.</summary>
    private bool IsCancelledBefore(CommandContent content)
    {
        var roster = fleet.Current.Roster;
        foreach (var other in journal.Newest(int.MaxValue))
        {
            var cancel = other.Command.Content;
            if (cancel.Type == CommandTypes.Cancel && !cancel.DryRun && CancelArguments.TryDecode(cancel.Arguments.Span, out var id) && id == content.Id
                && roster.Find(cancel.IssuerId) is { } issuer && roster.Policy.MayCancel(content.Type, issuer))
            {
                return true;
            }
        }

        return false;
    }

    private void Refuse(Command command, CommandVerdict verdict)
    {
        security.Count(verdict.Reason!);
        Log.Refused(logger, command.Content.Id, verdict.Reason!);
        if (verdict.Report is { } state)
        {
            executions.Note(command, state, writer.WallUnixMs);
            reports.Send(new CommandReport(command.Content.Id, 1, state, writer.WallUnixMs, null, null, verdict.Message, default, false), durable: false);
        }
    }

    private void Accept(CommandDelivery delivery, CommandVerdict verdict)
    {
        var command = delivery.Command;
        var waits = verdict.Waits && !command.Content.DryRun;
        JournaledCommand? accepted;
        try
        {
            accepted = journal.TryAccept(delivery, boot.BootId, writer.WallUnixMs, waits ? verdict.Message : null);
        }
        catch (IOException e)
        {
            // Where the spool refuses too, the issuer has no answer and sends it again.
            Log.JournalRefused(logger, command.Content.Id, e.Message);
            executions.Note(command, CommandState.Rejected, writer.WallUnixMs);
            reports.TrySend(
                new CommandReport(command.Content.Id, 1, CommandState.Rejected, writer.WallUnixMs, null, null, "The device cannot write its journal: " + e.Message, default, false),
                durable: false);
            return;
        }

        if (accepted is not null)
        {
            Log.Accepted(logger, accepted.Id, command.Content.Type);
            executions.Note(command, accepted.State, accepted.AtUnixMs);
            reports.Send(accepted.Report(), durable: false);
            if (waits)
            {
                Await(accepted.Id);
            }
            else
            {
                Start(accepted);
            }
        }
    }

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
        else if (!content.Idempotent || !policy.Handlers.TryGetValue(content.Type, out var handler) || handler.NeedsFreshness)
        {
            End(command, new CommandResult(CommandState.Unknown, "The agent went down before the command ended; it is not run again."));
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
        var task = Task.Run(() => ExecuteAsync(command, one), CancellationToken.None);
        lock (_gate)
        {
            _running.RemoveWhere(done => done.IsCompleted);
            _running.Add(task);
        }
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
            await EndDryAsync(command);
            return;
        }

        if (!command.Waits && IsLate(command))
        {
            await EndAsync(command, Expired);
            return;
        }

        var running = await MoveAsync(command, new CommandResult(CommandState.Running, ""));
        if (command.Waits ? JudgeAgain(command) is not { IsAccepted: true, Waits: false } : IsLate(command))
        {
            // The disk let it wait.
            await EndAsync(running, Expired);
            return;
        }

        var handler = policy.Handlers[content.Type];
        if (!one.TryStart(handler.CanBeStopped))
        {
            await EndAsync(running, NotStarted);
            return;
        }

        reports.Send(running.Report(), durable: false);
        using var alive = time.CreateTimer(_ => TellAgain(command.Id), null, SignOfLife, SignOfLife);
        using var output = new OutputStream(command.Id, (int)options.Commands.StreamBytes, Stream, time);
        var result = await RunAsync(handler, new CommandContext(command.Id, content.Arguments, output, one.Cancelled));
        output.End();
        await EndAsync(running, result);
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

    private bool Stream(CommandOutput output) => writer.TryAppend(StreamId.Events, RecordType.CommandOutput, output.Encode(), [], durable: false, out _);

    /// <summary>Tries until the journal takes it: nobody else knows what has become of the command.</summary>
    private async Task<JournaledCommand> MoveAsync(JournaledCommand command, CommandResult to)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return journal.Move(command.Id, to.State, writer.WallUnixMs, to.Message, to.ExitCode);
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

    private bool IsLate(JournaledCommand command) =>
        command.Command.Content.ExpiresAtUnixMs < trusted.LowerBoundUnixMs
        || (command.Delivery.Freshness is { } freshness && freshness.UptimeDeadlineMs < boot.UptimeMs);

    private async Task<CommandResult> RunAsync(ICommandHandler handler, CommandContext context)
    {
        try
        {
            return await handler.RunAsync(context, _stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return CommandResult.Failed("The agent was stopped.");
        }
        catch (Exception e)
        {
            // Whatever a handler throws is the command's result.
            Log.Failed(logger, e, context.Id);
            return CommandResult.Failed(e.Message);
        }
    }

    /// <exception cref="IOException">The journal cannot be written; the command stays as it is.</exception>
    private void End(JournaledCommand command, CommandResult result)
    {
        if (result.State.IsFinal())
        {
            Told(journal.Move(command.Id, result.State, writer.WallUnixMs, result.Message, result.ExitCode), result);
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

    /// <summary>Everything was checked; says what would come next.</summary>
    private Task EndDryAsync(JournaledCommand command)
    {
        var verdict = JudgeAgain(command);
        var type = command.Command.Content.Type;
        return EndAsync(command, verdict switch
        {
            { IsAccepted: false } => new CommandResult(verdict.Report ?? CommandState.Rejected, verdict.Message),
            { Waits: true } => CommandResult.Done($"Dry run: {type} would be accepted and wait. {verdict.Message} Nothing was done."),
            _ => Preview(command.Command.Content),
        });
    }

    private CommandResult Preview(CommandContent content)
    {
        try
        {
            var preview = policy.Handlers[content.Type].Preview(content.Arguments);
            return CommandResult.Done($"Dry run: {content.Type} would run now. {(preview is null ? "" : preview + " ")}Nothing was done.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CommandResult.Failed($"Dry run: {content.Type} would fail. {e.Message}");
        }
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
        executions.Note(ended.Command, ended.State, ended.AtUnixMs);
        reports.Send(ended.Report(output: result.Output, truncated: result.OutputTruncated), durable: true);
        Log.Ended(logger, ended.Id, ended.State);
    }
}
