using Messaging.Agent.Commands;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.State;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Updates;

/// <summary>The command that assigns an update: it lasts until that is committed, reverted or has failed, over restarts. One at a time.</summary>
internal sealed class UpdateHandler(
    UpdateStore store, UpdateRun run, UpdateFetcher fetcher, IUpdateReports reporter, IUpdateHelper helper, UpdateClock clock) : ICommandHandler, IDryRun
{
    private const string NoHelper = "There is no helper for updates. As root: systemctl enable --now messaging-agent-updates.socket";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private CommandId? _running;

    public string Type => CommandTypes.Update;

    public bool NeedsFreshness => false;

    public bool CanBeStopped => true;

    public bool CanBeFollowed => true;

    public bool TakesTurns => false;

    public bool WaitsItself => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        UpdateArguments.TryDecode(arguments.Span, out _) ? null : "update takes a target of the fleet's repository with its length and its SHA-256, and how long there is for it.";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = UpdateArguments.TryDecode(context.Arguments.Span, out var arguments);
        var record = store.Last is { } last && last.Id == context.Id ? last : new UpdateRecord
        {
            Id = context.Id,
            Assignment = arguments!,
            DelayMs = (long)(arguments!.SpreadSeconds * 1000L * Jitter.Next()),
            TakenUnixMs = clock.SignedUnixMs,
        };
        if (!TryTake(context.Id, out var other))
        {
            return await RefuseAsync(record, UpdateReasons.Busy, $"Another update is under way, of the command {other}: one at a time.", ct);
        }

        try
        {
            if (!ReferenceEquals(record, store.Last))
            {
                if (context.IsFollowed && await IsKnownToHelperAsync(context.Id, ct))
                {
                    // What was kept of it is lost; what the helper has of it is not.
                    record.State = UpdateState.Switching;
                    record.Detail = "What the agent kept of it was lost.";
                }
                else if (!helper.IsThere)
                {
                    return await RefuseAsync(record, UpdateReasons.NotAllowed, NoHelper, ct);
                }
                else if (Begin(record) is { } problem)
                {
                    return await RefuseAsync(record, UpdateReasons.NoSpace, problem, ct);
                }
            }

            return await run.RunAsync(record, context, ct);
        }
        finally
        {
            lock (_gate)
            {
                _running = null;
            }
        }
    }

    public async Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = UpdateArguments.TryDecode(context.Arguments.Span, out var arguments);
        if (!helper.IsThere)
        {
            return CommandResult.Failed(NoHelper);
        }

        if (store.Last is { } last && !last.State.IsFinal())
        {
            return CommandResult.Failed($"Another update is under way, of the command {last.Id}: one at a time.");
        }

        try
        {
            return CommandResult.Done(await fetcher.TryAsync(new UpdateRecord { Id = context.Id, Assignment = arguments! }, ct));
        }
        catch (Exception e) when (e is UpdateFailedException or UpdateHelperException or IOException)
        {
            return CommandResult.Failed(e is UpdateFailedException failed ? $"It would fail ({failed.Reason}): {e.Message}" : e.Message);
        }
        finally
        {
            await ForgetAsync(context.Id, ct);
        }
    }

    /// <returns>Why the disk does not take it; null: it does.</returns>
    private string? Begin(UpdateRecord record)
    {
        try
        {
            store.Clear();
            store.Keep(record);
        }
        catch (IOException e)
        {
            return e.Message;
        }

        reporter.Tell(record, clock.Left(record), "");
        return null;
    }

    private async Task ForgetAsync(CommandId id, CancellationToken ct)
    {
        try
        {
            await helper.AskAsync(new UpdateRequest(UpdateVerb.Forget, id), ct);
        }
        catch (UpdateHelperException)
        {
            // It was said already that it does not answer.
        }
    }

    /// <summary>Nothing is asked of the helper before it is kept here: what neither knows has not begun.</summary>
    private async Task<bool> IsKnownToHelperAsync(CommandId id, CancellationToken ct)
    {
        while (helper.IsThere)
        {
            try
            {
                return (await helper.AskAsync(new UpdateRequest(UpdateVerb.Look, id), ct)).Phase != UpdatePhase.None;
            }
            catch (UpdateHelperException)
            {
                // It is started by systemd, and may not be yet.
                await Task.Delay(Pause, clock, ct);
            }
        }

        return false;
    }

    private bool TryTake(CommandId id, out CommandId? other)
    {
        lock (_gate)
        {
            other = _running;
            _running ??= id;
            return other is null;
        }
    }

    private async Task<CommandResult> RefuseAsync(UpdateRecord record, string reason, string detail, CancellationToken ct)
    {
        (record.State, record.Reason, record.Detail) = (UpdateState.Failed, reason, detail);
        await reporter.SignAsync(record, null, ct);
        return CommandResult.Failed($"Failed ({reason}): {detail}");
    }
}
