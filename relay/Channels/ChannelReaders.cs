using System.Collections.Concurrent;
using Messaging.Relay.Storage;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Channels;

/// <summary>Reads records from the disk, on a few connections of its own: readers do not hold up the writer (WAL).</summary>
internal sealed class ChannelReaders(RelayStore store) : IDisposable
{
    private const int MaxReaders = 4;

    private readonly SemaphoreSlim _places = new(MaxReaders);
    private readonly ConcurrentBag<Reader> _idle = [];

    /// <summary>Reads a page from an offset on; records below the channel's first are not there any more.</summary>
    /// <exception cref="SqliteException">The disk failed.</exception>
    public async Task ReadAsync(Channel channel, long from, long next, PageLimits limits, List<ChannelRecord> page, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            // SQLite blocks.
            await Task.Run(() => Read(channel, from, next, limits, page), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _places.Dispose();
    }

    private void Read(Channel channel, long from, long next, PageLimits limits, List<ChannelRecord> page)
    {
        var reader = _idle.TryTake(out var idle) ? idle : new Reader(store.Open());
        var isWell = false;
        try
        {
            reader.Read(channel.Number, from, next, limits, page);
            isWell = true;
        }
        finally
        {
            if (isWell)
            {
                _idle.Add(reader);
            }
            else
            {
                reader.Dispose();
            }
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _records;

        public Reader(SqliteConnection connection)
        {
            _connection = connection;
            _records = new SqliteStatement(connection, "SELECT key, unix_ms, body FROM records WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3");
        }

        public void Read(int number, long from, long next, PageLimits limits, List<ChannelRecord> page)
        {
            _records.Bind(1, ChannelTable.Key(number, from)).Bind(2, ChannelTable.Key(number, next - 1)).Bind(3, limits.Records);
            try
            {
                var bytes = 0;
                while (_records.Step())
                {
                    var body = _records.Blob(2);
                    if (!limits.Take(page.Count, ref bytes, body.Length))
                    {
                        break;
                    }

                    page.Add(new ChannelRecord((ulong)ChannelTable.OffsetOf(_records.Integer(0)), _records.Integer(1), body.ToArray()));
                }
            }
            finally
            {
                _records.Reset();
            }
        }

        public void Dispose()
        {
            _records.Dispose();
            _connection.Dispose();
        }
    }
}
