using Messaging.Audit;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Trust;

namespace Messaging.FleetServer.Audit.Checkpoints;

/// <summary>
/// Keeps the log provable: verifies it at the start and once a day, signs checkpoints, and has it go on in a new log, which says so, when it is not
/// what was written. It never keeps the server from starting.
/// </summary>
internal sealed partial class AuditKeeper(
    AuditLog log, CheckpointStore store, LogCheck check, FindingBook findings, FleetKeys keys, AuditOptions options, TimeProvider time, ILogger<AuditKeeper> logger)
    : IHostedService, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _due = new(0, 1);
    private LogCheckpoint? _newest;
    private AuditEntry? _verified;
    private long? _verifiedAt;
    private IDisposable? _subscription;
    private Task _running = Task.CompletedTask;

    /// <summary>The newest checkpoint; null before the first.</summary>
    public LogCheckpoint? Newest => Volatile.Read(ref _newest);

    /// <summary>The last entry that was verified with all before it, and when.</summary>
    public (AuditEntry Entry, DateTimeOffset At)? Verified => Volatile.Read(ref _verified) is { } entry && _verifiedAt is { } at
        ? (entry, DateTimeOffset.FromUnixTimeMilliseconds(at))
        : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await findings.LoadAsync(cancellationToken);
        var verdict = await check.FromNewestAsync(cancellationToken);
        if (await store.NewestAsync(cancellationToken) is { } row && LogCheckpoint.TryRead(row.Bytes, out var newest))
        {
            _newest = newest;
        }

        if (verdict.Outcome is not null)
        {
            await GoOnAsync(verdict, cancellationToken);
        }
        else
        {
            log.Adopt(verdict.Through);
        }

        _subscription = log.Subscribe(Appended);
        await SignAsync(force: true, cancellationToken);
        _running = RunAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SignAsync(force: false, cancellationToken);
    }

    /// <summary>The newest checkpoint, signed now if the log has gone on for a while since the last one.</summary>
    public async Task<LogCheckpoint?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Newest is not { } newest || time.GetUtcNow().ToUnixTimeMilliseconds() - newest.UnixMs >= options.ShortestInterval.TotalMilliseconds)
        {
            await SignAsync(force: false, cancellationToken);
        }

        return Newest;
    }

    /// <summary>Verifies all that is kept of the log, now.</summary>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        var verdict = await check.AllAsync(cancellationToken);
        if (verdict.Outcome is not null)
        {
            await GoOnAsync(verdict, cancellationToken);
            return false;
        }

        _verifiedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        Volatile.Write(ref _verified, verdict.Through);
        return true;
    }

    /// <summary>Somebody has seen more of this log, or another one: it was set back or written anew.</summary>
    public Task RewrittenAsync(string reason, CancellationToken cancellationToken) => GoOnAsync(new LogVerdict(AuditRecord.Rewritten, reason, null), cancellationToken);

    public void Dispose()
    {
        _gate.Dispose();
        _due.Dispose();
        _stopping.Dispose();
    }

    private async Task GoOnAsync(LogVerdict verdict, CancellationToken cancellationToken)
    {
        var outcome = verdict.Outcome ?? AuditRecord.Damaged;
        if (outcome is AuditRecord.Damaged or AuditRecord.Rewritten)
        {
            LogBroken(logger, verdict.Reason);
        }
        else
        {
            LogNew(logger, outcome, verdict.Reason);
        }

        await log.BeginAsync(outcome, verdict.Reason, cancellationToken);
        if (outcome is AuditRecord.Damaged)
        {
            await findings.AddAsync(FindingKind.LogDamaged, "", log.Head!.LogId, verdict.Reason, cancellationToken);
        }

        await SignAsync(force: false, cancellationToken);
    }

    private void Appended(AuditEntry entry)
    {
        if (entry is { Action: "audit.begin", Outcome: AuditRecord.Damaged })
        {
            LogBroken(logger, entry.Details);
        }

        var signed = Newest is { } newest && newest.LogId.ToString() == entry.LogId ? newest.Number : 0;
        if (entry.Number - signed >= options.EntriesPerCheckpoint)
        {
            Wake();
        }
    }

    private void Wake()
    {
        try
        {
            _due.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        long? verifiedAt = null;
        while (true)
        {
            try
            {
                if (verifiedAt is not { } at || time.GetElapsedTime(at) >= options.VerifyInterval || Volatile.Read(ref _verified)?.LogId != log.Head?.LogId)
                {
                    // Only what was verified waits for a whole interval.
                    var began = time.GetTimestamp();
                    await VerifyAsync(cancellationToken);
                    verifiedAt = began;
                }

                await SignAsync(force: false, cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(logger, error);
            }

            using var deadline = new CancellationTokenSource(options.CheckpointInterval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                await _due.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The time is up.
            }
        }
    }

    /// <param name="force">Also when nothing was written since: it says that nothing was, until now.</param>
    private async Task SignAsync(bool force, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (log.Head is not { } head || !ChainId.TryParse(head.LogId, out var id) || (!force && Newest is { } newest && newest.LogId == id && newest.Number == head.Number))
            {
                return;
            }

            var checkpoint = LogCheckpoint.Sign(keys.Server, keys.ServerId, id, head.Number, head.Hash, time.GetUtcNow().ToUnixTimeMilliseconds());
            await store.AddAsync(checkpoint, cancellationToken);
            Volatile.Write(ref _newest, checkpoint);
        }
        finally
        {
            _gate.Release();
        }
    }

    [LoggerMessage(EventId = 2070, Level = LogLevel.Critical, Message = "The audit log is not what was written: {Reason}. It goes on in a new log; the old one is left as it is.")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(EventId = 2071, Level = LogLevel.Warning, Message = "A new audit log begins ({Outcome}): {Reason}")]
    private static partial void LogNew(ILogger logger, string outcome, string reason);

    [LoggerMessage(EventId = 2072, Level = LogLevel.Error, Message = "The audit log could not be verified or signed")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
