using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Storage;

/// <summary>
/// The relay's file: SQLite in WAL mode with one writer. What comes while the disk is at work is written together in the next transaction
/// (group commit), and nobody is told that something is written before the disk has said so (synchronous=FULL).
/// </summary>
internal sealed partial class RelayStore : IDisposable
{
    /// <summary>Bytes that may wait to be written.</summary>
    private const long MaxWaitingBytes = 64 * 1024 * 1024;

    /// <summary>What waits longer than one transaction of this size goes into the next: an acknowledgement waits for its whole transaction.</summary>
    private const int MaxBatchBytes = 4 * 1024 * 1024;

    private const int MaxBatchWrites = 4096;
    private const int SqliteFull = 13;

    private readonly string _connectionText;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();
    private readonly Queue<StoreWrite> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly List<IStorePart> _parts = [];
    private readonly ILogger<RelayStore> _logger;
    private readonly Thread _writer;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private long _waitingBytes;
    private long _commits;
    private bool _isStopping;
    private bool _isFaulty;

    /// <summary>Opens the file, which is made where it is missing.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="logger">Is told of faults of the disk.</param>
    /// <exception cref="SqliteException">It cannot be opened, or is no database.</exception>
    public RelayStore(string path, ILogger<RelayStore> logger)
    {
        (Path, _logger) = (path, logger);
        ReplayedBytes = new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0;
        _connectionText = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        _connection = Open();
        _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(_connection, "COMMIT");
        _rollback = new SqliteStatement(_connection, "ROLLBACK");
        _writer = new Thread(Write) { IsBackground = true, Name = "relay store" };
    }

    public string Path { get; }

    /// <summary>The writer's connection: before <see cref="Start"/> for anybody, then for <see cref="StoreWrite.Apply"/> alone.</summary>
    public SqliteConnection Connection => _connection;

    /// <summary>Bytes of the write-ahead log that the last run left: of one that was stopped in order there are none.</summary>
    public long ReplayedBytes { get; }

    /// <summary>Transactions that are on the disk.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Whether the last write failed.</summary>
    public bool IsFaulty => Volatile.Read(ref _isFaulty);

    /// <summary>Adds somebody who takes part in each transaction, before <see cref="Start"/>.</summary>
    public void Add(IStorePart part) => _parts.Add(part);

    /// <summary>Begins to write.</summary>
    public void Start() => _writer.Start();

    /// <summary>A connection for reading; the caller owns it.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionText);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Queues a write; it is told its outcome later, or before this returns when it cannot be queued.</summary>
    public void Enqueue(StoreWrite write)
    {
        StoreOutcome refused;
        lock (_gate)
        {
            if (!_isStopping && _waitingBytes + write.Size <= MaxWaitingBytes)
            {
                _waitingBytes += write.Size;
                _waiting.Enqueue(write);
                if (_waiting.Count == 1)
                {
                    _arrived.Release();
                }

                return;
            }

            refused = _isStopping ? StoreOutcome.Stopped : StoreOutcome.Busy;
        }

        write.Complete(refused);
    }

    /// <summary>Writes what waits; what comes later is refused.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _isStopping = true;
        }

        _arrived.Release();
        if (_writer.ThreadState.HasFlag(ThreadState.Unstarted) is false)
        {
            _writer.Join();
        }
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public void Dispose()
    {
        Stop();
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _connection.Dispose();
        _arrived.Dispose();
    }

    private void Write()
    {
        var batch = new List<StoreWrite>();
        while (true)
        {
            _arrived.Wait();
            while (Take(batch))
            {
                var outcome = TryWrite(batch);
                foreach (var write in batch)
                {
                    write.Complete(outcome);
                }

                _parts.ForEach(static part => part.Completed());
            }

            lock (_gate)
            {
                if (_isStopping && _waiting.Count == 0)
                {
                    return;
                }
            }
        }
    }

    private bool Take(List<StoreWrite> batch)
    {
        batch.Clear();
        var size = 0;
        lock (_gate)
        {
            while (batch.Count < MaxBatchWrites && size < MaxBatchBytes && _waiting.TryDequeue(out var write))
            {
                batch.Add(write);
                size += write.Size;
            }

            _waitingBytes -= size;
        }

        return batch.Count > 0;
    }

    private StoreOutcome TryWrite(List<StoreWrite> batch)
    {
        var applied = 0;
        try
        {
            _begin.Run();
            foreach (var write in batch)
            {
                applied++;
                write.Apply();
            }

            _parts.ForEach(static part => part.Committing());
            _commit.Run();
            Interlocked.Increment(ref _commits);
            if (IsFaulty)
            {
                Volatile.Write(ref _isFaulty, false);
                LogRecovered(_logger, Path);
            }

            return StoreOutcome.Durable;
        }
        catch (SqliteException fault)
        {
            RollBack();
            for (var i = applied - 1; i >= 0; i--)
            {
                batch[i].Revert();
            }

            _parts.ForEach(static part => part.RolledBack());
            var isFull = fault.SqliteErrorCode == SqliteFull;
            if (!IsFaulty)
            {
                Volatile.Write(ref _isFaulty, true);
                LogFault(_logger, Path, isFull ? "its disk is full" : fault.Message);
            }

            return isFull ? StoreOutcome.Full : StoreOutcome.Failed;
        }
    }

    /// <summary>SQLite has rolled back itself after some errors.</summary>
    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            _rollback.Run();
        }
    }

    [LoggerMessage(EventId = 1080, Level = LogLevel.Error, Message = "Nothing can be written to {Path}: {Reason}. What comes is refused, and tried again each time")]
    private static partial void LogFault(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 1081, Level = LogLevel.Information, Message = "{Path} can be written again")]
    private static partial void LogRecovered(ILogger logger, string path);
}
