using Messaging.Agent.Clock;
using Messaging.Agent.Identity;
using Messaging.Agent.Status;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Commands;

/// <summary>Takes commands in, journals them, runs them and reports: each state is on disk before the next thing happens.</summary>
internal sealed partial class CommandCenter(
    CommandGate gate,
    CommandPolicy policy,
    CommandJournal journal,
    CommandReports reports,
    FleetTrustStore fleet,
    DeviceMembership membership,
    IBootClock boot,
    TrustedClock trusted,
    UplinkWriter writer,
    SecurityLog security,
    TimeProvider time,
    ILogger<CommandCenter> logger) : IStatusPart, IDisposable
{
    private const int MaxAtOnce = 8;
    private const int Shown = 5;

    /// <summary>How many finished commands are told again at a start: their last report may not have reached the disk.</summary>
    private const int ToldAgain = 16;
    private static readonly CommandResult Expired = new(CommandState.Expired, "It waited for others until after its time.");
    private static readonly TimeSpan JournalRetry = TimeSpan.FromSeconds(5);
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

        await _windows.RunAsync(JudgeAgain, () => writer.WallUnixMs, ExecuteAsync, EndRefusedAsync, ct);
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

        var verdict = gate.Judge(delivery, fleet.Current.Roster, Situation(journal.Floor(content.IssuerId, command.Signatures > 0)));
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

    private CommandSituation Situation(ulong floor) =>
        new(membership.DeviceId, trusted.LowerBoundUnixMs, writer.WallUnixMs, boot.BootId, boot.UptimeMs, floor);

    private CommandVerdict JudgeAgain(JournaledCommand command) => gate.JudgeAgain(command.Delivery, fleet.Current.Roster, Situation(0));

    private void Refuse(Command command, CommandVerdict verdict)
    {
        security.Count(verdict.Reason!);
        Log.Refused(logger, command.Content.Id, verdict.Reason!);
        if (verdict.Report is { } state)
        {
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
            reports.TrySend(
                new CommandReport(command.Content.Id, 1, CommandState.Rejected, writer.WallUnixMs, null, null, "The device cannot write its journal: " + e.Message, default, false),
                durable: false);
            return;
        }

        if (accepted is not null)
        {
            Log.Accepted(logger, accepted.Id, command.Content.Type);
            reports.Send(accepted.Report(), durable: false);
            if (waits)
            {
                _windows.Arrived();
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
        var task = Task.Run(() => ExecuteAsync(command), CancellationToken.None);
        lock (_gate)
        {
            _running.RemoveWhere(done => done.IsCompleted);
            _running.Add(task);
        }
    }

    private async Task ExecuteAsync(JournaledCommand command)
    {
        try
        {
            await _slots.WaitAsync(_stopping);
        }
        catch (OperationCanceledException)
        {
            // It stays accepted, and the next start decides.
            return;
        }

        try
        {
            if (command.Command.Content.DryRun)
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

            reports.Send(running.Report(), durable: false);
            var context = new CommandContext(command.Id, command.Command.Content.Arguments, (output, cut) => Progress(command.Id, output, cut));
            await EndAsync(running, await RunAsync(policy.Handlers[command.Command.Content.Type], context));
        }
        catch (OperationCanceledException)
        {
            // Its end is not in the journal, and the next start decides.
        }
        finally
        {
            _slots.Release();
        }
    }

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

    private void Progress(CommandId id, ReadOnlyMemory<byte> output, bool cut) =>
        reports.Send(journal.Progress(id, "").Report(output: output, truncated: cut), durable: false);

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
        security.Count(verdict.Reason!);
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
            _ => CommandResult.Done($"Dry run: {type} would run now. Nothing was done."),
        });
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
        reports.Send(ended.Report(output: result.Output, truncated: result.OutputTruncated), durable: true);
        Log.Ended(logger, ended.Id, ended.State);
    }
}
