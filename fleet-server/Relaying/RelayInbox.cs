using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Sessions;
using Messaging.Wire;

namespace Messaging.FleetServer.Relaying;

/// <summary>Sorts what the relay sends: uplinks to the ingest, sessions to their clients, its own words to presence and status.</summary>
internal sealed partial class RelayInbox(
    IUplinkReceiver uplink, SessionHub sessions, IDeviceDirectory devices, RelayStatus status, TimeProvider time, ILogger<RelayInbox> logger)
{
    private readonly ConcurrentDictionary<PrincipalId, byte> _connected = new();

    /// <param name="topic">The topic.</param>
    /// <param name="payload">Valid during the call only.</param>
    /// <param name="acknowledgeAsync">To be called once.</param>
    public async Task TakeAsync(string topic, ReadOnlySequence<byte> payload, Func<Task> acknowledgeAsync)
    {
        if (Topics.TryParseUp(topic, out var device))
        {
            var bytes = payload.ToArray();
            if (Frame.LooksLikeSession(bytes))
            {
                // Somebody waits for it, and nothing of it is stored.
                sessions.Receive(device, bytes);
                await acknowledgeAsync();
                return;
            }

            // Acknowledged by the ingest, when there is room for more.
            uplink.Receive(new UplinkMessage(device, bytes, time.GetUtcNow(), acknowledgeAsync));
            return;
        }

        if (!TakeRelayWord(topic, payload.ToArray()))
        {
            Log.NotUnderstood(logger, topic);
        }

        await acknowledgeAsync();
    }

    public void ConnectionLost()
    {
        _connected.Clear();
        status.Change(current => current with { ConnectedDevices = 0 });
        devices.ForgetConnections();
    }

    private bool TakeRelayWord(string topic, byte[] payload)
    {
        if (Topics.TryParsePresence(topic, out var device))
        {
            return PresenceEvent.TryDecode(payload, out var presence) && Apply(device, presence);
        }

        return topic switch
        {
            Topics.RelayStats => RelayStats.TryDecode(payload, out var stats) && Apply(stats),
            Topics.DirectoryAck => DirectoryAck.TryDecode(payload, out var ack) && Apply(ack),
            _ => false,
        };
    }

    private bool Apply(PrincipalId device, PresenceEvent presence)
    {
        if (devices.Get(device) is null)
        {
            return false;
        }

        if (presence.Connected)
        {
            _connected[device] = 0;
            devices.ChangePresence(device, current => current.Connect(presence.ConnectionNo, presence.Transport));
        }
        else
        {
            var now = time.GetUtcNow();
            devices.ChangePresence(device, current => current.Disconnect(presence.ConnectionNo, now));
            if (devices.Presence(device) is not { Connected: true })
            {
                _connected.TryRemove(device, out _);
            }
        }

        status.Change(current => current with { ConnectedDevices = _connected.Count });
        return true;
    }

    private bool Apply(RelayStats stats)
    {
        var now = time.GetUtcNow();
        var counters = stats.Counters.DistinctBy(counter => counter.Key, StringComparer.Ordinal)
            .ToImmutableDictionary(counter => counter.Key, counter => (long)Math.Min(counter.Value, long.MaxValue), StringComparer.Ordinal);
        status.Change(current => current with { Counters = counters, CountersAt = now });
        return true;
    }

    private bool Apply(DirectoryAck ack)
    {
        if (ack.Kind is DirectoryUpdateKind.Delta or DirectoryUpdateKind.SnapshotEnd)
        {
            status.Change(current => current with { AcknowledgedVersion = Math.Max(current.AcknowledgedVersion, ack.Version) });
        }

        return true;
    }
}
