using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Mqtt.Sessions;

/// <content>What waits for the file, and what comes from it.</content>
internal sealed partial class Session
{
    /// <summary>Gives back what had not been delivered, in its order.</summary>
    public void Restore(IReadOnlyList<RestoredEntry> entries)
    {
        lock (_gate)
        {
            foreach (var (entry, packetId, isReleased) in entries)
            {
                var message = entry.Message;
                if (packetId == 0)
                {
                    _waiting.Enqueue(new Waiting(message, entry.Quality, entry.IsRetained, entry.Ids, entry));
                    _waitingBytes += message!.Charge;
                    held.Take(message.Charge);
                    continue;
                }

                if (isReleased)
                {
                    entry.Release();
                    message = null;
                }

                _lastId = packetId;
                _inFlight[packetId] = new InFlight(message, entry.Quality, entry.IsRetained, entry.Ids, _order++, isReleased, entry, IsPending: false);
                _inFlightBytes += message?.Charge ?? 0;
                held.Take(message?.Charge ?? 0);
            }
        }
    }

    /// <summary>The file has a message's identifier: it goes out.</summary>
    private void Launched(ushort id, KeptEntry entry)
    {
        lock (_gate)
        {
            if (!TryEndPending(id, entry, out _) || _connection is not { } connection || entry.Message is not { } message)
            {
                return;
            }

            var publication = new Publication(message);
            if (!connection.SendPublish(publication, entry.Quality, entry.Ids, id, isDuplicate: false, entry.IsRetained, journal.Flushes))
            {
                TryLand(id);
            }
        }
    }

    /// <summary>The file has it that the client has a message.</summary>
    private void Released(ushort id, KeptEntry entry)
    {
        lock (_gate)
        {
            if (TryEndPending(id, entry, out var one) && one.IsReleased)
            {
                _connection?.SendAck(PacketKind.PubRel, id, ReasonCode.Success, journal.Flushes);
            }
        }
    }

    private bool TryEndPending(ushort id, KeptEntry entry, out InFlight one)
    {
        if (!_inFlight.TryGetValue(id, out one) || !ReferenceEquals(one.Entry, entry) || !one.IsPending)
        {
            return false;
        }

        _inFlight[id] = one with { IsPending = false };
        return true;
    }
}
