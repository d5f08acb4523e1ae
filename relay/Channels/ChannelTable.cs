using Messaging.Relay.Storage;
using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>
/// The channels' two tables, for the writer's thread. A record's key is its channel's number and its offset in one integer, so that a
/// channel's records lie together in the order of their offsets and need no index.
/// </summary>
internal sealed class ChannelTable : IDisposable
{
    private const int OffsetBits = 36;
    private const long MaxOffset = (1L << OffsetBits) - 1;
    public const int MaxNumber = (1 << (63 - OffsetBits)) - 1;

    /// <summary>Records that one statement removes.</summary>
    private const int TrimSteps = 256;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS channels (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL, access_hash BLOB NOT NULL, descriptor BLOB NOT NULL,
            created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS records (key INTEGER PRIMARY KEY, unix_ms INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        """;

    private readonly SqliteStatement _insertChannel;
    private readonly SqliteStatement _updateChannel;
    private readonly SqliteStatement _deleteChannel;
    private readonly SqliteStatement _insertRecord;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _deleteRecords;
    private readonly RelayStore _store;

    public ChannelTable(RelayStore store)
    {
        _store = store;
        using (var command = store.Connection.CreateCommand())
        {
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }

        _insertChannel = Statement("INSERT INTO channels (number, id, kind, access_hash, descriptor, created_ms, used_ms, first, next, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, 0, 0)");
        _updateChannel = Statement("UPDATE channels SET first = ?2, next = ?3, bytes = ?4, used_ms = ?5 WHERE number = ?1");
        _deleteChannel = Statement("DELETE FROM channels WHERE number = ?1");
        _insertRecord = Statement("INSERT INTO records (key, unix_ms, body) VALUES (?1, ?2, ?3)");
        _oldest = Statement("SELECT key, unix_ms, length(body) FROM records WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3");
        _deleteRecords = Statement("DELETE FROM records WHERE key BETWEEN ?1 AND ?2");
    }

    /// <summary>The first key of a channel, or that of a record.</summary>
    public static long Key(int number, long offset) => ((long)number << OffsetBits) | offset;

    public static long LastKey(int number) => Key(number, MaxOffset);

    public static long OffsetOf(long key) => key & MaxOffset;

    /// <summary>Reads all channels, once, before anything is written.</summary>
    public IEnumerable<Channel> Load()
    {
        using var channels = Statement("SELECT number, id, kind, access_hash, descriptor, created_ms, used_ms, first, next, bytes FROM channels ORDER BY number");
        while (channels.Step())
        {
            var number = (int)channels.Integer(0);
            if (!ChannelId.TryRead(channels.Blob(1), out var id) || number is < 1 or > MaxNumber || channels.Integer(7) > channels.Integer(8))
            {
                throw new InvalidDataException($"{_store.Path}: channel {number} is damaged. Move the file away, or restore it from a backup.");
            }

            var description = new ChannelDescription(id, (ChannelKind)channels.Integer(2), channels.Blob(3).ToArray(), channels.Blob(4).ToArray(), channels.Integer(5));
            yield return new Channel(number, description, new ChannelExtent(
                channels.Integer(7), channels.Integer(8), channels.Integer(9), Oldest(number, channels.Integer(7)), channels.Integer(6)));
        }
    }

    public void Insert(int number, ChannelDescription description)
    {
        Span<byte> id = stackalloc byte[ChannelId.Size];
        description.Id.CopyTo(id);
        _insertChannel.Bind(1, number).Bind(2, id).Bind(3, (long)description.Kind).Bind(4, description.AccessHash).Bind(5, description.Descriptor)
            .Bind(6, description.CreatedMs).Run();
    }

    /// <summary>Writes what the open transaction changed of a channel.</summary>
    public void Update(Channel channel)
    {
        var extent = channel.Pending;
        _updateChannel.Bind(1, channel.Number).Bind(2, extent.First).Bind(3, extent.Next).Bind(4, extent.Bytes).Bind(5, extent.UsedMs).Run();
    }

    public void Insert(Channel channel, ChannelRecord record) =>
        _insertRecord.Bind(1, Key(channel.Number, (long)record.Offset)).Bind(2, record.UnixMs).Bind(3, record.Body).Run();

    /// <summary>Removes the oldest records: until so many bytes are gone, and all that are older.</summary>
    /// <returns>What is left, and whether there may be more to remove.</returns>
    public (ChannelExtent Left, bool IsUnfinished) Trim(Channel channel, long bytes, long beforeMs)
    {
        var extent = channel.Pending;
        var (first, freed, oldest, count) = (extent.First, 0L, extent.OldestMs, 0);
        var isUnfinished = false;
        _oldest.Bind(1, Key(channel.Number, extent.First)).Bind(2, LastKey(channel.Number)).Bind(3, TrimSteps + 1);
        try
        {
            while (_oldest.Step())
            {
                oldest = _oldest.Integer(1);
                if (freed >= bytes && oldest >= beforeMs)
                {
                    break;
                }

                if (count == TrimSteps)
                {
                    isUnfinished = true;
                    break;
                }

                first = OffsetOf(_oldest.Integer(0)) + 1;
                freed += _oldest.Integer(2);
                count++;
            }
        }
        finally
        {
            _oldest.Reset();
        }

        if (first > extent.First)
        {
            _deleteRecords.Bind(1, Key(channel.Number, extent.First)).Bind(2, Key(channel.Number, first - 1)).Run();
        }

        return (extent with { First = first, Bytes = extent.Bytes - freed, OldestMs = oldest }, isUnfinished);
    }

    /// <summary>Removes a channel that has no records.</summary>
    public void Delete(Channel channel) => _deleteChannel.Bind(1, channel.Number).Run();

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insertChannel, _updateChannel, _deleteChannel, _insertRecord, _oldest, _deleteRecords])
        {
            statement.Dispose();
        }
    }

    private long Oldest(int number, long first)
    {
        _oldest.Bind(1, Key(number, first)).Bind(2, LastKey(number)).Bind(3, 1);
        var oldest = _oldest.Step() ? _oldest.Integer(1) : 0;
        _oldest.Reset();
        return oldest;
    }

    private SqliteStatement Statement(string sql) => new(_store.Connection, sql);
}
