using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>
/// The file behind the generic namespace: sessions that outlive their connections, with what waits for them, and retained messages. Memory is the state, and this its image on the
/// disk: an acknowledgement waits for the transaction that it promises; what nobody waits for (deliveries that end, sessions that come and go) goes along with the next one.
/// Thread safe.
/// </summary>
internal sealed partial class BrokerJournal : IStorePart, IDisposable
{
    private readonly RelayStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<BrokerJournal> _logger;
    private readonly Lock _gate = new();
    private readonly NudgeWrite _nudge;

    // What is to be written along, and of the transaction at work what was.
    private Pending _next = new();
    private Pending _written = new();
    private List<LastingWrite> _later = [];
    private bool _isNudged;
    private RetainedMessages? _retained;
    private Func<long> _now = static () => 0;
    private long _lastEntry;
    private long _lastMessage;
    private long _lastSession;

    /// <summary>Opens the tables.</summary>
    /// <param name="store">The file, which is closed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told what was found.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file is damaged, or the disk failed.</exception>
    public BrokerJournal(RelayStore store, TimeProvider time, ILogger<BrokerJournal> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        _nudge = new NudgeWrite(() => Volatile.Write(ref _isNudged, false));
        Table = new BrokerTable(store.Connection, ToUnix);
        store.Add(this);
    }

    public BrokerTable Table { get; }

    /// <summary>Whether the last write failed.</summary>
    public bool IsFaulty => _store.IsFaulty;

    /// <summary>The writer's own: what is sent after a transaction, all of it at once.</summary>
    public FlushList Flushes { get; } = new();

    /// <summary>Gives a broker back what it had, and takes part in it from then on.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file is damaged, or the disk failed.</exception>
    /// <exception cref="InvalidDataException">The file holds what was never written.</exception>
    public void Restore(IBrokerState broker)
    {
        (_retained, _now) = (broker.Retained, () => broker.NowMs);
        var reader = new BrokerReader(_store.Connection, this, broker, FromUnix);
        reader.Read();
        (_lastEntry, _lastMessage, _lastSession) = (reader.LastEntry, reader.LastMessage, reader.LastSession);
        LogOpened(_logger, reader.Sessions, reader.Subscriptions, reader.Messages, reader.Retained, _store.ReplayedBytes);
    }

    /// <summary>Begins to write.</summary>
    public void Start() => _store.Start();

    /// <summary>Writes what waits; what comes later is refused.</summary>
    public void Stop() => _store.Stop();

    /// <summary>For a published message that leaves something in the file.</summary>
    public PublishWrite NewPublish() => new(this);

    /// <summary>A message's place in a session that is kept.</summary>
    public KeptEntry NewEntry(Session session, StoredMessage message, QualityOfService quality, bool isRetained, uint[] ids)
    {
        lock (_gate)
        {
            if (message.Row.Number == 0)
            {
                message.Row.Number = ++_lastMessage;
            }

            return new KeptEntry(this, ++_lastEntry, session.Number, message, quality, isRetained, ids);
        }
    }

    /// <summary>A number for a session that is kept from now on.</summary>
    public long NewSession() => Interlocked.Increment(ref _lastSession);

    public void Enqueue(StoreWrite write) => _store.Enqueue(write);

    /// <summary>Writes what has to succeed, and tells when it has.</summary>
    public void Enqueue(Action apply, Action completed) => _store.Enqueue(new LastingWrite(this, apply, completed));

    /// <summary>A session's state has changed; what it is when it is written counts.</summary>
    public void Save(Session session)
    {
        lock (_gate)
        {
            if (session.IsOver)
            {
                return;
            }

            _next.Sessions.Add(session);
        }

        Nudge();
    }

    /// <summary>A session has ended.</summary>
    public void End(Session session)
    {
        lock (_gate)
        {
            _next.Sessions.Remove(session);
            _next.Ended.Add(session);
        }

        Nudge();
    }

    /// <summary>A delivery has ended.</summary>
    public void Landed(KeptEntry entry)
    {
        lock (_gate)
        {
            _next.Landed.Add(entry);
        }

        Nudge();
    }

    /// <summary>What is retained for a topic has changed, and nobody waits for it.</summary>
    public void Retained(byte[] topic)
    {
        Changing(topic);
        Nudge();
    }

    /// <summary>The same, in the transaction at work.</summary>
    public void Changing(byte[] topic)
    {
        lock (_gate)
        {
            _next.Topics.Add(topic);
        }
    }

    /// <summary>A write that has to succeed has not.</summary>
    public void TryLater(LastingWrite write)
    {
        lock (_gate)
        {
            _later.Add(write);
        }
    }

    /// <summary>Once a second: what could not be written is tried again.</summary>
    public void Sweep()
    {
        List<LastingWrite> again;
        bool isNeeded;
        lock (_gate)
        {
            (again, _later) = (_later, []);
            isNeeded = !_next.IsEmpty;
        }

        again.ForEach(_store.Enqueue);
        if (isNeeded)
        {
            Nudge();
        }
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public void Dispose()
    {
        _store.Stop();
        Table.Dispose();
        _store.Dispose();
    }

    void IStorePart.Committing()
    {
        lock (_gate)
        {
            (_written, _next) = (_next, _written);
        }

        foreach (var entry in _written.Landed)
        {
            if (entry.HasRow)
            {
                _written.Removed.Add(entry);
                Table.Remove(entry);
            }
        }

        foreach (var session in _written.Sessions)
        {
            Table.Save(new SessionState(session.Number, session.ClientId, session.ExpirySeconds, session.Owner is null ? ToUnix(session.LeftAtMs) : null));
        }

        foreach (var session in _written.Ended)
        {
            Table.RemoveSession(session.Number);
        }

        foreach (var topic in _written.Topics)
        {
            if (_retained!.Find(topic) is { } message)
            {
                Table.Save(message);
            }
            else
            {
                Table.RemoveRetained(topic);
            }
        }
    }

    void IStorePart.RolledBack()
    {
        _written.Removed.ForEach(BrokerTable.NotRemoved);
        _written.Removed.Clear();
        lock (_gate)
        {
            _next.TakeBack(_written);
        }

        _written.Clear();
    }

    void IStorePart.Completed()
    {
        _written.Clear();
        Flushes.Flush();
    }

    private void Nudge()
    {
        if (!Interlocked.Exchange(ref _isNudged, true))
        {
            _store.Enqueue(_nudge);
        }
    }

    private long UnixNow() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long ToUnix(long atMs) => UnixNow() + (atMs - _now());

    private long FromUnix(long unixMs) => _now() + (unixMs - UnixNow());

    [LoggerMessage(EventId = 1077, Level = LogLevel.Information,
        Message = "MQTT: {Sessions} sessions with {Subscriptions} subscriptions, {Messages} messages that wait for them, {Retained} retained; {Replayed} bytes of the write-ahead log of the last run were taken over")]
    private static partial void LogOpened(ILogger logger, int sessions, int subscriptions, int messages, int retained, long replayed);
}
