using System.Buffers.Binary;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>The file's tables. After the start, the writer's own. Times are Unix milliseconds, 0: never or not.</summary>
internal sealed class BrokerTable : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS sessions (number INTEGER PRIMARY KEY, client BLOB NOT NULL, expiry INTEGER NOT NULL, left_ms INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS subscriptions (session INTEGER NOT NULL, text BLOB NOT NULL, options INTEGER NOT NULL, identifier INTEGER NOT NULL, PRIMARY KEY (session, text)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS received (session INTEGER NOT NULL, packet INTEGER NOT NULL, PRIMARY KEY (session, packet)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY, topic BLOB NOT NULL, properties BLOB NOT NULL, payload BLOB NOT NULL, flags INTEGER NOT NULL, expires_ms INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, session INTEGER NOT NULL, message INTEGER NOT NULL, flags INTEGER NOT NULL, identifiers BLOB NOT NULL, packet INTEGER NOT NULL, released INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS retained (topic BLOB NOT NULL PRIMARY KEY, properties BLOB NOT NULL, payload BLOB NOT NULL, flags INTEGER NOT NULL, expires_ms INTEGER NOT NULL);
        """;

    /// <summary>Subscription identifiers of one message that are kept; more of them match at once only by design.</summary>
    private const int MaxIds = 64;

    private readonly Func<long, long> _toUnix;
    private readonly SqliteStatement _saveSession;
    private readonly SqliteStatement _removeSession;
    private readonly SqliteStatement _insertSubscription;
    private readonly SqliteStatement _removeSubscription;
    private readonly SqliteStatement _removeSubscriptions;
    private readonly SqliteStatement _insertReceived;
    private readonly SqliteStatement _removeReceived;
    private readonly SqliteStatement _removeAllReceived;
    private readonly SqliteStatement _insertMessage;
    private readonly SqliteStatement _removeMessage;
    private readonly SqliteStatement _insertEntry;
    private readonly SqliteStatement _removeEntry;
    private readonly SqliteStatement _launch;
    private readonly SqliteStatement _release;
    private readonly SqliteStatement _saveRetained;
    private readonly SqliteStatement _removeRetained;

    /// <param name="connection">The writer's connection.</param>
    /// <param name="toUnix">Turns the broker's clock into Unix milliseconds.</param>
    /// <exception cref="SqliteException">The file is no database, or cannot be written.</exception>
    public BrokerTable(SqliteConnection connection, Func<long, long> toUnix)
    {
        _toUnix = toUnix;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }

        _saveSession = new SqliteStatement(connection, "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4) ON CONFLICT (number) DO UPDATE SET expiry = ?3, left_ms = ?4");
        _removeSession = new SqliteStatement(connection, "DELETE FROM sessions WHERE number = ?1");
        _insertSubscription = new SqliteStatement(connection, "INSERT OR REPLACE INTO subscriptions VALUES (?1, ?2, ?3, ?4)");
        _removeSubscription = new SqliteStatement(connection, "DELETE FROM subscriptions WHERE session = ?1 AND text = ?2");
        _removeSubscriptions = new SqliteStatement(connection, "DELETE FROM subscriptions WHERE session = ?1");
        _insertReceived = new SqliteStatement(connection, "INSERT OR REPLACE INTO received VALUES (?1, ?2)");
        _removeReceived = new SqliteStatement(connection, "DELETE FROM received WHERE session = ?1 AND packet = ?2");
        _removeAllReceived = new SqliteStatement(connection, "DELETE FROM received WHERE session = ?1");
        _insertMessage = new SqliteStatement(connection, "INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _removeMessage = new SqliteStatement(connection, "DELETE FROM messages WHERE number = ?1");
        _insertEntry = new SqliteStatement(connection, "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)");
        _removeEntry = new SqliteStatement(connection, "DELETE FROM entries WHERE number = ?1");
        _launch = new SqliteStatement(connection, "UPDATE entries SET packet = ?2 WHERE number = ?1");
        _release = new SqliteStatement(connection, "UPDATE entries SET released = 1 WHERE number = ?1");
        _saveRetained = new SqliteStatement(connection, "INSERT OR REPLACE INTO retained VALUES (?1, ?2, ?3, ?4, ?5)");
        _removeRetained = new SqliteStatement(connection, "DELETE FROM retained WHERE topic = ?1");
    }

    public void Save(in SessionState session) =>
        _saveSession.Bind(1, session.Number).Bind(2, session.ClientId).Bind(3, session.ExpirySeconds).Bind(4, session.LeftUnixMs ?? 0).Run();

    /// <summary>A session ends, with all but its messages.</summary>
    public void RemoveSession(long number)
    {
        _removeSession.Bind(1, number).Run();
        _removeSubscriptions.Bind(1, number).Run();
        _removeAllReceived.Bind(1, number).Run();
    }

    public void Insert(long session, Subscription subscription) =>
        _insertSubscription.Bind(1, session).Bind(2, subscription.Text).Bind(3, subscription.Options.ToByte()).Bind(4, subscription.Ids is [var id] ? id : 0).Run();

    public void RemoveSubscription(long session, ReadOnlySpan<byte> text) => _removeSubscription.Bind(1, session).Bind(2, text).Run();

    public void InsertReceived(long session, ushort packetId) => _insertReceived.Bind(1, session).Bind(2, packetId).Run();

    public void RemoveReceived(long session, ushort packetId) => _removeReceived.Bind(1, session).Bind(2, packetId).Run();

    /// <summary>Puts an entry in, and its message if it is the first.</summary>
    public void Insert(KeptEntry entry, StoredMessage message)
    {
        // Said first, so that it is taken back whatever fails.
        entry.HasRow = true;
        if (entry.Row.Entries++ == 0)
        {
            _insertMessage.Bind(1, entry.Row.Number).Bind(2, message.Topic).Bind(3, message.Properties).Bind(4, message.Payload)
                .Bind(5, Flags(message.Quality, message.IsRetained)).Bind(6, Expiry(message)).Run();
        }

        Span<byte> ids = stackalloc byte[MaxIds * sizeof(uint)];
        var count = Math.Min(entry.Ids.Length, MaxIds);
        for (var index = 0; index < count; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(ids[(index * sizeof(uint))..], entry.Ids[index]);
        }

        _insertEntry.Bind(1, entry.Number).Bind(2, entry.Session).Bind(3, entry.Row.Number).Bind(4, Flags(entry.Quality, entry.IsRetained)).Bind(5, ids[..(count * sizeof(uint))]).Run();
    }

    /// <summary>The transaction that an entry was put in is gone, or it never was.</summary>
    public static void NotInserted(KeptEntry entry)
    {
        if (entry.HasRow)
        {
            entry.HasRow = false;
            entry.Row.Entries--;
        }

        entry.NotWritten();
    }

    /// <summary>Takes an entry out that is in, and its message if it was the last.</summary>
    public void Remove(KeptEntry entry)
    {
        entry.HasRow = false;
        entry.Row.Entries--;
        _removeEntry.Bind(1, entry.Number).Run();
        if (entry.Row.Entries == 0)
        {
            _removeMessage.Bind(1, entry.Row.Number).Run();
        }
    }

    /// <summary>The transaction that an entry was taken out in is gone.</summary>
    public static void NotRemoved(KeptEntry entry)
    {
        entry.HasRow = true;
        entry.Row.Entries++;
    }

    public void Launch(KeptEntry entry, ushort packetId) => _launch.Bind(1, entry.Number).Bind(2, packetId).Run();

    public void Release(KeptEntry entry) => _release.Bind(1, entry.Number).Run();

    public void Save(StoredMessage retained) =>
        _saveRetained.Bind(1, retained.Topic).Bind(2, retained.Properties).Bind(3, retained.Payload).Bind(4, Flags(retained.Quality, isRetained: true)).Bind(5, Expiry(retained)).Run();

    public void RemoveRetained(ReadOnlySpan<byte> topic) => _removeRetained.Bind(1, topic).Run();

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])
            [
                _saveSession, _removeSession, _insertSubscription, _removeSubscription, _removeSubscriptions, _insertReceived, _removeReceived, _removeAllReceived,
                _insertMessage, _removeMessage, _insertEntry, _removeEntry, _launch, _release, _saveRetained, _removeRetained,
            ])
        {
            statement.Dispose();
        }
    }

    private static int Flags(QualityOfService quality, bool isRetained) => (int)quality | (isRetained ? 4 : 0);

    private long Expiry(StoredMessage message) => message.ExpiresAtMs == long.MaxValue ? 0 : _toUnix(message.ExpiresAtMs);
}
