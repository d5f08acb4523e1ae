using System.Runtime.InteropServices;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Sessions;

/// <content>What is delivered: what waits, and what is in flight.</content>
internal sealed partial class Session
{
    /// <summary>Drops what waits of topics that its user may not have any more.</summary>
    public void Drop(Acl acl)
    {
        lock (_gate)
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                var one = _waiting.Dequeue();
                if (acl.MayReceive(one.Message!.Topic))
                {
                    _waiting.Enqueue(one);
                    continue;
                }

                _waitingBytes -= one.Message.Charge;
                held.Give(one.Message.Charge);
                one.Entry?.Land();
                Interlocked.Increment(ref _dropped);
                counters.NotAllowed();
            }
        }
    }

    /// <summary>Sends what waits, where there is room now.</summary>
    public void Continue(FlushList flushes)
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 && _connection is { } connection)
            {
                SendWaiting(connection, flushes);
            }
        }
    }

    /// <summary>Delivers a message: now, or when there is room, or when the client is back.</summary>
    /// <param name="publication">The message.</param>
    /// <param name="quality">How it is delivered.</param>
    /// <param name="isRetained">The flag for this client.</param>
    /// <param name="ids">Of the subscriptions that match.</param>
    /// <param name="flushes">What is to be sent afterwards.</param>
    /// <param name="entry">Its place in the file, if it has one. It is given up here.</param>
    /// <returns>False: it is dropped.</returns>
    public bool Deliver(ref Publication publication, QualityOfService quality, bool isRetained, uint[] ids, FlushList flushes, KeptEntry? entry = null)
    {
        if (quality == QualityOfService.AtMostOnce)
        {
            // Without the session's gate: the order among messages of QoS 0 is that of the outbox.
            return Volatile.Read(ref _connection) is { } now && SendAtMostOnce(now, publication, isRetained, ids, flushes);
        }

        lock (_gate)
        {
            if (IsOver)
            {
                entry?.Land();
                return false;
            }

            var connection = _connection;
            if (connection is null || _waiting.Count > 0 || !HasRoom(connection))
            {
                return TryWait(new Waiting(publication.Store(), quality, isRetained, ids, entry));
            }

            var kept = IsKept ? publication.Store() : null;
            if (kept is not null && !held.TryTake(kept.Charge))
            {
                Interlocked.Increment(ref _dropped);
                counters.QueueFull();
                entry?.Land();
                return false;
            }

            Launch(connection, ref publication, new Waiting(kept, quality, isRetained, ids, entry), flushes);
            return true;
        }
    }

    /// <summary>PUBACK, PUBREC with an error, or PUBCOMP: the message is delivered. One that is not known is ignored.</summary>
    public void Complete(BrokerConnection connection, ushort id, FlushList flushes)
    {
        lock (_gate)
        {
            if (TryLand(id) && _waiting.Count > 0)
            {
                SendWaiting(connection, flushes);
            }
        }
    }

    /// <summary>PUBREC: the client has the message.</summary>
    /// <returns>Null: there is no such message. False: the file comes first, and then PUBREL goes out. True: it may go out now.</returns>
    public bool? TryRelease(ushort id)
    {
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(id, out var one) || one.Quality != QualityOfService.ExactlyOnce)
            {
                return null;
            }

            if (one.IsReleased)
            {
                return !one.IsPending;
            }

            GiveBack(one);
            one.Entry?.Release();
            _inFlight[id] = one with { Message = null, IsReleased = true, IsPending = one.Entry is not null };
            if (one.Entry is not { } entry)
            {
                return true;
            }

            // Forgotten, it would be sent a second time to a client that has it.
            journal.Enqueue(() => journal.Table.Release(entry), () => Released(id, entry));
            return false;
        }
    }

    private bool SendAtMostOnce(BrokerConnection connection, in Publication publication, bool isRetained, uint[] ids, FlushList flushes)
    {
        if (connection.Outbox.Bytes > options.MaxUnsentBytes)
        {
            Interlocked.Increment(ref _dropped);
            counters.SlowConsumer();
            return false;
        }

        return connection.SendPublish(publication, QualityOfService.AtMostOnce, ids, 0, isDuplicate: false, isRetained, flushes);
    }

    private bool TryWait(in Waiting one)
    {
        if (_waiting.Count >= options.MaxQueuedMessages || _waitingBytes + one.Message!.Charge > options.MaxQueuedBytes || !held.TryTake(one.Message.Charge))
        {
            Interlocked.Increment(ref _dropped);
            counters.QueueFull();
            one.Entry?.Land();
            return false;
        }

        _waiting.Enqueue(one);
        _waitingBytes += one.Message.Charge;
        return true;
    }

    private void SendWaiting(BrokerConnection connection, FlushList flushes)
    {
        while (HasRoom(connection) && _waiting.TryDequeue(out var one))
        {
            _waitingBytes -= one.Message!.Charge;
            if (one.Message.HasExpired(connection.NowMs))
            {
                held.Give(one.Message.Charge);
                one.Entry?.Land();
                Interlocked.Increment(ref _dropped);
                counters.Expired();
                continue;
            }

            var publication = new Publication(one.Message);
            if (IsKept)
            {
                Launch(connection, ref publication, one, flushes);
            }
            else
            {
                held.Give(one.Message.Charge);
                Launch(connection, ref publication, one with { Message = null }, flushes);
            }
        }
    }

    private void Launch(BrokerConnection connection, ref Publication publication, in Waiting one, FlushList flushes)
    {
        var id = NextId();
        var launched = new InFlight(one.Message, one.Quality, one.IsRetained, one.Ids, _order++, IsReleased: false, one.Entry, IsPending: false);
        if (one is { Entry: { } entry, Quality: QualityOfService.ExactlyOnce })
        {
            // After a power cut the client knows the message by this identifier alone.
            Add(id, launched with { IsPending = true });
            journal.Enqueue(() => journal.Table.Launch(entry, id), () => Launched(id, entry));
            return;
        }

        // [MQTT-3.1.2-25]: what is too large for the client counts as sent.
        if (connection.SendPublish(publication, one.Quality, one.Ids, id, isDuplicate: false, one.IsRetained, flushes))
        {
            Add(id, launched);
        }
        else
        {
            held.Give(launched.Charge);
            one.Entry?.Land();
        }
    }

    private void Add(ushort id, in InFlight launched)
    {
        _inFlight.Add(id, launched);
        _inFlightBytes += launched.Charge;
    }

    /// <summary>Who takes messages and acknowledges none is as bounded as who takes none.</summary>
    private bool HasRoom(BrokerConnection connection) =>
        _inFlight.Count < connection.SendMaximum && _inFlightBytes < options.MaxQueuedBytes && connection.Outbox.Bytes <= options.MaxUnsentBytes;

    private bool TryLand(ushort id)
    {
        if (!_inFlight.Remove(id, out var one))
        {
            return false;
        }

        GiveBack(one);
        one.Entry?.Land();
        return true;
    }

    private void GiveBack(in InFlight one)
    {
        _inFlightBytes -= one.Charge;
        held.Give(one.Charge);
    }

    private ushort NextId()
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_inFlight.ContainsKey(_lastId));

        return _lastId;
    }

    /// <param name="Message">Null of a session that ends with its connection: it is never sent again.</param>
    /// <param name="Entry">Its place in the file, if it has one.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Waiting(StoredMessage? Message, QualityOfService Quality, bool IsRetained, uint[] Ids, KeptEntry? Entry);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct InFlight(StoredMessage? Message, QualityOfService Quality, bool IsRetained, uint[] Ids, long Order, bool IsReleased, KeptEntry? Entry, bool IsPending)
    {
        public int Charge => Message?.Charge ?? 0;
    }
}
