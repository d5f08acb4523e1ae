using System.Buffers.Binary;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>Reads the whole file at the start, and takes out what nobody needs any more.</summary>
internal sealed class BrokerReader(SqliteConnection connection, BrokerJournal journal, IBrokerState broker, Func<long, long> fromUnix)
{
    private const string Clean = """
        DELETE FROM subscriptions WHERE session NOT IN (SELECT number FROM sessions);
        DELETE FROM received WHERE session NOT IN (SELECT number FROM sessions);
        DELETE FROM entries WHERE session NOT IN (SELECT number FROM sessions) OR message NOT IN (SELECT number FROM messages);
        DELETE FROM messages WHERE number NOT IN (SELECT message FROM entries);
        """;

    private readonly Dictionary<long, Session> _sessions = [];

    public long LastEntry { get; private set; }

    public long LastMessage { get; private set; }

    public long LastSession { get; private set; }

    public int Sessions => _sessions.Count;

    public int Subscriptions { get; private set; }

    public int Messages { get; private set; }

    public int Retained { get; private set; }

    /// <exception cref="SqliteException">The file is damaged, or the disk failed.</exception>
    /// <exception cref="InvalidDataException">The file holds what was never written.</exception>
    public void Read()
    {
        ReadSessions();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = Clean;
            command.ExecuteNonQuery();
        }

        ReadSubscriptions();
        ReadEntries(ReadMessages());
        ReadReceived();
        ReadRetained();
    }

    private static (QualityOfService Quality, bool IsRetained) Flags(long flags) =>
        flags is >= 0 and < 8 && (flags & 3) <= (int)QualityOfService.ExactlyOnce ? ((QualityOfService)(flags & 3), (flags & 4) != 0) : throw Damaged("flags");

    private static InvalidDataException Damaged(string what) => new($"It holds {what} that no relay has written.");

    private void ReadSessions()
    {
        var over = new List<long>();
        Each("SELECT number, client, expiry, left_ms FROM sessions", row =>
        {
            var state = new SessionState(row.Integer(0), row.Blob(1).ToArray(), (uint)row.Integer(2), row.Integer(3) is var left and not 0 ? left : null);
            LastSession = Math.Max(LastSession, state.Number);
            if (broker.Open(state) is { } session)
            {
                _sessions.Add(state.Number, session);
            }
            else
            {
                over.Add(state.Number);
            }
        });
        over.ForEach(journal.Table.RemoveSession);
    }

    private void ReadSubscriptions() => Each("SELECT session, text, options, identifier FROM subscriptions", row =>
    {
        var text = row.Blob(1).ToArray();
        if (!TopicText.TrySplitShare(text, out var group, out var filter) || !TopicText.IsFilter(filter) || !SubscribeOptions.TryRead((byte)row.Integer(2), MqttVersion.V5, out var options))
        {
            throw Damaged("a subscription");
        }

        broker.Resubscribe(new Subscription(
            _sessions[row.Integer(0)], text, filter.ToArray(), group.ToArray(), options, row.Integer(3) is var id and > 0 ? [(uint)id] : []));
        Subscriptions++;
    });

    private Dictionary<long, StoredMessage> ReadMessages()
    {
        var messages = new Dictionary<long, StoredMessage>();
        Each("SELECT number, topic, properties, payload, flags, expires_ms FROM messages", row =>
        {
            var message = Message(row, 1);
            message.Row.Number = row.Integer(0);
            messages.Add(message.Row.Number, message);
            LastMessage = Math.Max(LastMessage, message.Row.Number);
        });
        return messages;
    }

    private void ReadEntries(Dictionary<long, StoredMessage> messages)
    {
        var entries = new Dictionary<long, List<RestoredEntry>>();
        Each("SELECT number, session, message, flags, identifiers, packet, released FROM entries ORDER BY number", row =>
        {
            var raw = row.Blob(4);
            var ids = new uint[raw.Length / sizeof(uint)];
            for (var index = 0; index < ids.Length; index++)
            {
                ids[index] = BinaryPrimitives.ReadUInt32LittleEndian(raw[(index * sizeof(uint))..]);
            }

            var (quality, isRetained) = Flags(row.Integer(3));
            var entry = new KeptEntry(journal, row.Integer(0), row.Integer(1), messages[row.Integer(2)], quality, isRetained, ids);
            entry.Restored();
            LastEntry = Math.Max(LastEntry, entry.Number);
            if (!entries.TryGetValue(entry.Session, out var list))
            {
                entries.Add(entry.Session, list = []);
            }

            list.Add(new RestoredEntry(entry, (ushort)row.Integer(5), row.Integer(6) != 0));
            Messages++;
        });
        foreach (var (session, list) in entries)
        {
            _sessions[session].Restore(list);
        }
    }

    private void ReadReceived() => Each("SELECT session, packet FROM received", row => _sessions[row.Integer(0)].TryReceive((ushort)row.Integer(1)));

    private void ReadRetained() => Each("SELECT topic, properties, payload, flags, expires_ms FROM retained", row =>
    {
        // Bounds that were lowered since leave some out.
        Retained += broker.Retained.TryKeep(Message(row, 0)) ? 1 : 0;
    });

    private StoredMessage Message(SqliteStatement row, int at)
    {
        var (quality, isRetained) = Flags(row.Integer(at + 3));
        var expires = row.Integer(at + 4);
        return new StoredMessage(new Publication
        {
            Topic = row.Blob(at),
            Properties = row.Blob(at + 1),
            Payload = row.Blob(at + 2),
            Quality = quality,
            IsRetained = isRetained,
            ExpiresAtMs = expires == 0 ? long.MaxValue : fromUnix(expires),
        });
    }

    private void Each(string sql, Action<SqliteStatement> read)
    {
        using var statement = new SqliteStatement(connection, sql);
        while (statement.Step())
        {
            read(statement);
        }

        statement.Reset();
    }
}
