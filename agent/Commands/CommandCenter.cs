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
            JudgeWaiting,
            () => NowUnixMs,
            command => TakeAsync(command.Id, one => ExecuteAsync(command, one)),
            (command, verdict) => TakeAsync(command.Id, _ => EndRefusedAsync(command, verdict)),
            ct);
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
                command.Waits ? WindowText.Awaited(fleet.Current.Roster.Policy.RuleFor(command.Command.Content.Type), NowUnixMs)
                    : command.Message.Length == 0 ? null : command.Message));
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>What maintenance windows are held against. A device whose clock nobody sets has the beacon's time.</summary>
    private long? NowUnixMs => writer.WallUnixMs ?? trusted.BeaconUnixMs;

    private CommandSituation Situation(CommandContent content, ulong floor) =>
        new(membership.DeviceId, trusted.LowerBoundUnixMs, NowUnixMs, boot.BootId, boot.UptimeMs, floor) { CancelledType = CancelledType(content) };

    private CommandVerdict JudgeAgain(JournaledCommand command) => gate.JudgeAgain(command.Delivery, fleet.Current.Roster, Situation(command.Command.Content, 0));

    private CommandVerdict JudgeWaiting(JournaledCommand command) =>
        underWay.Find(command.Id) is { Cancelled.IsCancellationRequested: true } ? CommandVerdict.Cancelled(NotStarted.Message) : JudgeAgain(command);

    /// <summary>It can be cancelled while it waits for its window, and ends then, whatever runs in the window now.</summary>
    private void Await(CommandId id)
    {
        underWay.Begin(id).Cancelled.Register(() => Track(Task.Run(() => EndCancelledAsync(id), CancellationToken.None)));
        _windows.Arrived();
    }

    private async Task EndCancelledAsync(CommandId id)
    {
        if (journal.TryGet(id, out var command) && command.Waits && underWay.Find(id)?.TryTake() == true)
        {
            await SettleAsync(command, NotStarted);
            _windows.Arrived();
        }
    }

    /// <summary>One that waits is run or ended by one alone: whoever comes second waits for that. One that is not there has ended just now.</summary>
    private Task TakeAsync(CommandId id, Func<RunningCommand, Task> act) =>
        underWay.Find(id) is not { } one ? Task.CompletedTask : one.TryTake() ? act(one) : one.Ended.WaitAsync(_stopping);

    private void Track(Task task)
    {
        lock (_gate)
        {
            _running.RemoveWhere(done => done.IsCompleted);
            _running.Add(task);
        }
    }

    private string? CancelledType(CommandContent content) =>
        content.Type == CommandTypes.Cancel && CancelArguments.TryDecode(content.Arguments.Span, out var id) && journal.TryGet(id, out var other)
            ? other.Command.Content.Type
            : null;

    /// <summary>A relay may bring the cancellation first. Now that the type is known, whoever cancelled must be one who may.</summary>
    private bool IsCancelledBefore(CommandContent content)
    {
        var roster = fleet.Current.Roster;
        foreach (var cancel in journal.CancellationsOf(content.Id))
        {
            if (roster.Find(cancel.IssuerId) is { } issuer && roster.Policy.MayCancel(content.Type, issuer))
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
}
