using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Files;

/// <summary>Checks files as a whole once all of their chunks are here, beside the ingest, which must not wait for it; and keeps house.</summary>
internal sealed partial class FileFinisher(
    FileTable table, FileStore store, FileKeeper keeper, FileReceiptSender receipts, TimeProvider time, ILogger<FileFinisher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>After a failure of the disk.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<FileRow> _full = Channel.CreateUnbounded<FileRow>();

    /// <summary>All chunks are here.</summary>
    public void Add(FileRow row) => _full.Writer.TryWrite(row);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var row in table.InState(FileState.Verifying, DateTimeOffset.MaxValue, int.MaxValue))
        {
            Add(row);
        }

        await Task.WhenAll(FinishAsync(stoppingToken), KeepHouseAsync(stoppingToken));
    }

    private async Task FinishAsync(CancellationToken stoppingToken)
    {
        await foreach (var row in _full.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryFinishAsync(row, stoppingToken))
            {
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    private async Task<bool> TryFinishAsync(FileRow row, CancellationToken stoppingToken)
    {
        try
        {
            if (await store.FinishAsync(row, stoppingToken))
            {
                keeper.TryEnd(row, FileState.Complete, "");
            }
            else
            {
                Retry(row, FileReason.HashMismatch);
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            Retry(row, FileReason.Lost);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            LogFailed(logger, error);
            return false;
        }

        try
        {
            await receipts.SendAsync(row.Device, row.Transfer, stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // The device asks.
            LogNoReceipt(logger, error);
        }

        return true;
    }

    /// <summary>The device still has it, and sends it once more: chunks may be lost here, as after a restored backup.</summary>
    private void Retry(FileRow row, string reason)
    {
        if (row.Reason == FileReason.SentAgain)
        {
            keeper.TryEnd(row, FileState.Incomplete, reason);
        }
        else
        {
            keeper.TryEnd(row, FileState.Receiving, FileReason.SentAgain);
        }
    }

    private async Task KeepHouseAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                if (keeper.KeepHouse() is > 0 and var count)
                {
                    LogEnded(logger, count);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
            {
                LogFailed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "Files of devices could not be checked or deleted; trying again later")]
    private static partial void LogFailed(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Debug, "A receipt could not be sent; the device asks for it")]
    private static partial void LogNoReceipt(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Information, "Ended or forgot {Count} files that are older than they are kept")]
    private static partial void LogEnded(ILogger logger, int count);
}
