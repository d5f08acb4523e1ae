using Messaging.FleetServer.Files;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Updates.Devices;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Ingest;

/// <summary>
/// The one that stores: takes a group of publications, opens them, writes one transaction, and only then acknowledges and tells.
/// A process that is killed at any line has either stored a record with its window, or neither.
/// </summary>
internal sealed partial class IngestPump(
    IngestQueue queue,
    FrameHandler handler,
    FileReceiver files,
    DeviceWords words,
    UpdateReceiver updates,
    Senders senders,
    ITelemetryStore store,
    IngestAftermath aftermath,
    BootPlacer placer,
    RejectionCounter rejections,
    IngestStatus status,
    IngestOptions options,
    TimeProvider time,
    ILogger<IngestPump> logger) : BackgroundService
{
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromHours(1);
    private long _rejectionsStoredAt = time.GetTimestamp();
    private long? _cleanedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Opening and storing is work for a thread of its own, not for the one that starts the host.
        await Task.Yield();
        var more = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await queue.WaitAsync(more ? TimeSpan.Zero : options.RejectionInterval, time, stoppingToken))
            {
                await HandleAsync(queue.Take(), stoppingToken);
            }
            else if (rejections.HasPending)
            {
                await HandleAsync([], stoppingToken);
            }

            more = placer.Step();
            KeepHouse();
        }
    }

    private async Task HandleAsync(List<UplinkMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            if (!await TryStoreAsync(messages, cancellationToken))
            {
                await Task.Delay(options.FailureDelay, time, cancellationToken);

                // One of them may be what the store does not take: each device for itself, so that the others go on.
                foreach (var alone in messages.GroupBy(message => message.Device))
                {
                    if (!await TryStoreAsync([.. alone], cancellationToken))
                    {
                        rejections.Count(alone.Key, RejectionReason.Unstorable);
                    }
                }
            }
        }
        finally
        {
            // Stored, refused, or to be sent again by the device: the relay has done its part.
            foreach (var message in messages)
            {
                await message.AcknowledgeAsync();
            }
        }
    }

    private async Task<bool> TryStoreAsync(List<UplinkMessage> messages, CancellationToken cancellationToken)
    {
        var group = new IngestGroup();
        var counted = new List<RejectionRow>();
        try
        {
            foreach (var message in messages)
            {
                await handler.HandleAsync(message, group, cancellationToken);
            }

            await words.StoreReportsAsync(group, cancellationToken);
            await updates.StoreAsync(group, cancellationToken);
            files.Settle(group);
            group.Complete();
            if (!group.Rows.IsEmpty || time.GetElapsedTime(_rejectionsStoredAt) >= options.RejectionInterval)
            {
                counted = rejections.Take();
                group.Rows.Rejections.AddRange(counted);
                _rejectionsStoredAt = time.GetTimestamp();
            }

            if (!group.Rows.IsEmpty)
            {
                store.Write(group.Rows);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            rejections.Return(counted);
            foreach (var device in messages.Select(message => message.Device).Distinct())
            {
                senders.Forget(device);
            }

            status.Failed(error.Message);
            Log.Failed(logger, messages.Count, error);
            return false;
        }

        status.Stored(group);
        aftermath.Follow(group);
        return true;
    }

    private void KeepHouse()
    {
        if (_cleanedAt is { } at && time.GetElapsedTime(at) < HousekeepingInterval)
        {
            return;
        }

        _cleanedAt = time.GetTimestamp();
        senders.ForgetIdle();
        try
        {
            if (store.Prune(time.GetUtcNow() - options.LongestOffline) > 0)
            {
                // What is in memory still has the pruned epochs.
                senders.Dispose();
            }
        }
        catch (SqliteException error)
        {
            Log.PruneFailed(logger, error);
        }
    }
}
