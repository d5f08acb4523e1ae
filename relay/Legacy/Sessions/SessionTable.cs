using System.Text;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Limits;
using Messaging.Relay.Storage;
using Messaging.Wire;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>The sessions on the disk, so that agents in the field go on after a restart.</summary>
internal sealed class SessionTable : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS legacy_sessions (
            key BLOB PRIMARY KEY, channel BLOB NOT NULL, agent BLOB NOT NULL, context BLOB NOT NULL, position INTEGER NOT NULL, address BLOB NOT NULL,
            UNIQUE (channel, agent)) STRICT, WITHOUT ROWID;
        """;

    private readonly RelayStore _store;
    private readonly SqliteStatement _save;
    private readonly SqliteStatement _delete;

    public SessionTable(RelayStore store)
    {
        _store = store;
        using (var command = store.Connection.CreateCommand())
        {
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }

        _save = new SqliteStatement(store.Connection, "INSERT OR REPLACE INTO legacy_sessions (key, channel, agent, context, position, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _delete = new SqliteStatement(store.Connection, "DELETE FROM legacy_sessions WHERE key = ?1");
    }

    /// <summary>Reads all sessions, once, before anything is written.</summary>
    /// <param name="usedAt">The clock's timestamp: nobody could make a request while the relay was away.</param>
    public IEnumerable<LegacySession> Load(long usedAt)
    {
        using var rows = new SqliteStatement(_store.Connection, "SELECT key, channel, agent, context, position, address FROM legacy_sessions");
        while (rows.Step())
        {
            if (rows.Blob(0).Length != SessionKey.Size || !ChannelId.TryRead(rows.Blob(1), out var channel))
            {
                throw new InvalidDataException($"{_store.Path}: a legacy session is damaged. Move the file away, or restore it from a backup.");
            }

            var context = rows.Blob(3);
            yield return new LegacySession(
                SessionKey.Read(rows.Blob(0)), channel, Encoding.UTF8.GetString(rows.Blob(2)), context.IsEmpty ? null : new RawJson(Encoding.UTF8.GetString(context)),
                AddressKey.Read(rows.Blob(5)), rows.Integer(4), usedAt);
        }
    }

    /// <summary>Writes a session; the answer comes when it is on the disk, or is not.</summary>
    public Task<StoreOutcome> SaveAsync(LegacySession session) => Enqueue(new SessionWrite(this, session, isRemoval: false));

    public Task<StoreOutcome> DeleteAsync(LegacySession session) => Enqueue(new SessionWrite(this, session, isRemoval: true));

    /// <summary>The writer's. A session whose end could not be written makes room for the one that has its name now.</summary>
    public void Save(LegacySession session, long position, AddressKey? address)
    {
        Span<byte> stored = stackalloc byte[AddressKey.Size];
        address?.CopyTo(stored);
        Span<byte> key = stackalloc byte[SessionKey.Size];
        session.Key.CopyTo(key);
        _save.Bind(1, key).Bind(2, session.Channel.ToArray()).Bind(3, Encoding.UTF8.GetBytes(session.Agent))
            .Bind(4, Encoding.UTF8.GetBytes(session.Context?.Text ?? "")).Bind(5, position)
            .Bind(6, address is null ? [] : stored).Run();
    }

    /// <summary>The writer's.</summary>
    public void Delete(LegacySession session)
    {
        Span<byte> key = stackalloc byte[SessionKey.Size];
        session.Key.CopyTo(key);
        _delete.Bind(1, key).Run();
    }

    public void Dispose()
    {
        _save.Dispose();
        _delete.Dispose();
    }

    private Task<StoreOutcome> Enqueue(SessionWrite write)
    {
        _store.Enqueue(write);
        return write.Result;
    }
}
