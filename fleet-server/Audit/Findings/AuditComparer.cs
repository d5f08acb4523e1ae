using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Storage;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Audit.Findings;

/// <summary>
/// Looks every few minutes for what only time can tell: commands that no record mentions, states that do not agree, holes. What a record says that
/// the log does not know is found when it comes.
/// </summary>
internal sealed partial class AuditComparer(
    IDbContextFactory<FleetDbContext> factory, IDeviceDirectory devices, FindingBook findings, AuditOptions options, TimeProvider time, ILogger<AuditComparer> logger)
    : BackgroundService
{
    /// <summary>How far back it looks. What is older was looked at when it was not.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(7);

    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await CompareCommandsAsync(db, now, cancellationToken);
        await FindGapsAsync(db, now, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.CompareInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CompareAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, error);
            }
        }
    }

    /// <summary>Whether the device should have a record of the command by now. Pure.</summary>
    /// <param name="heardAt">When the device was last heard.</param>
    internal static bool IsOverdue(CommandEntity command, DateTimeOffset? heardAt, DateTimeOffset now, TimeSpan patience)
    {
        if (command.SentAt is null || command.State == CommandState.Cancelled)
        {
            return false;
        }

        // It has answered, so that it has recorded it too.
        if (command.LastReportNo >= 0)
        {
            return command.LastReportAt + patience < now;
        }

        // One that was sent once may have met the end of a connection; the second one should have come.
        return command.Attempts > 1 && command.ExpiresAt + patience < now && heardAt > command.ExpiresAt + patience;
    }

    private async Task CompareCommandsAsync(FleetDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - Horizon;
        var commands = db.Set<CommandEntity>().AsNoTracking().Where(command => command.CreatedAt > since && command.SentAt != null).OrderBy(command => command.Ordinal);
        await foreach (var command in commands.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var heard = PrincipalId.TryParse(command.DeviceId, out var id) ? devices.Presence(id)?.LastAuthenticated : null;
            if (!IsOverdue(command, heard, now, options.Patience))
            {
                continue;
            }

            await using var other = await factory.CreateDbContextAsync(cancellationToken);
            var states = await other.Set<ExecutionRow>().AsNoTracking()
                .Where(row => row.CommandId == command.Id && row.DeviceId == command.DeviceId).OrderBy(row => row.Id).Select(row => row.State).ToListAsync(cancellationToken);
            if (states.Count == 0)
            {
                await findings.AddAsync(
                    FindingKind.CommandUnreported, command.DeviceId, command.Id,
                    $"{command.Type} was sent at {command.SentAt:yyyy-MM-dd HH:mm:ss}Z and is {command.State.Word()} here; the device's record does not mention it.", cancellationToken);
            }
            else if (command.LastReportNo >= 0 && Recorded(states) is { } recorded && recorded != command.State.Word())
            {
                await findings.AddAsync(
                    FindingKind.StateDiffers, command.DeviceId, command.Id,
                    $"{command.Type} is {command.State.Word()} here, and {recorded} in the device's record.", cancellationToken);
            }
        }
    }

    /// <summary>How the record says that it ended, by the server's word for it; null as long as it has not.</summary>
    private static string? Recorded(List<DeviceState> states) =>
        states[^1] is DeviceState.Accepted or DeviceState.Running ? null : states[^1].ToString().ToLowerInvariant();

    private async Task FindGapsAsync(FleetDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (since, until) = (now - Horizon, now - options.Patience);
        var rows = db.Set<ExecutionRow>().AsNoTracking();
        var alone = await rows
            .Where(row => row.ReceivedAt > since && row.ReceivedAt < until && row.Number > 1
                && !rows.Any(before => before.DeviceId == row.DeviceId && before.ChainId == row.ChainId && before.Number == row.Number - 1))
            .Select(row => new { row.DeviceId, row.ChainId, row.Number }).ToListAsync(cancellationToken);
        foreach (var one in alone)
        {
            var last = await rows.Where(row => row.DeviceId == one.DeviceId && row.ChainId == one.ChainId && row.Number < one.Number)
                .MaxAsync(row => (long?)row.Number, cancellationToken) ?? 0;
            await findings.AddAsync(
                FindingKind.RecordGap, one.DeviceId, $"{one.ChainId}/{last + 1}-{one.Number - 1}",
                $"Entries {last + 1} to {one.Number - 1} of the record {one.ChainId} are missing; entry {one.Number} is here.", cancellationToken);
        }
    }

    [LoggerMessage(EventId = 2074, Level = LogLevel.Error, Message = "The audit could not be compared")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
