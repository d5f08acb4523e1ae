using System.Data.Common;
using System.Threading.Channels;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <summary>
/// Makes commands durable: whatever waits goes into one transaction, so that one sync of the disk serves all of it. A set of thousands of
/// devices would else wait for the disk at each of their reports.
/// </summary>
internal sealed class CommandWriter(IDbContextFactory<FleetDbContext> database) : BackgroundService
{
    private const int MostAtOnce = 2048;
    private readonly Channel<Pending> _queue = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Durable when this returns.</summary>
    /// <exception cref="DbException">It cannot be written, or the device has such a command.</exception>
    public Task InsertAsync(CommandEntity command) => WriteAsync(new Pending(command, IsNew: true));

    /// <summary>Durable when this returns.</summary>
    /// <exception cref="DbException">It cannot be written.</exception>
    public Task UpdateAsync(CommandEntity command) => WriteAsync(new Pending(command, IsNew: false));

    /// <summary>What was asked for before is written; nothing after it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var batch = new List<Pending>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await WriteAsync(batch);
        }
    }

    private Task WriteAsync(Pending pending) => _queue.Writer.TryWrite(pending)
        ? pending.Done.Task
        : throw new InvalidOperationException("The server stops: no command is stored any more.");

    private async Task WriteAsync(IReadOnlyList<Pending> batch)
    {
        try
        {
            await StoreAsync(batch);
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One of them may be what the database does not take: each for itself, so that the others go on.
            foreach (var alone in batch)
            {
                await WriteAsync([alone]);
            }

            return;
        }
        catch (Exception error)
        {
            batch[0].Done.SetException(error);
            return;
        }

        foreach (var pending in batch)
        {
            pending.Done.SetResult();
        }
    }

    private async Task StoreAsync(IReadOnlyList<Pending> batch)
    {
        await using var db = await database.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var rows = new CommandRows(connection, transaction))
        {
            foreach (var pending in batch)
            {
                if (pending.IsNew)
                {
                    await rows.InsertAsync(pending.Command);
                }
                else
                {
                    await rows.UpdateAsync(pending.Command);
                }
            }
        }

        await transaction.CommitAsync();
    }

    private sealed record Pending(CommandEntity Command, bool IsNew)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
