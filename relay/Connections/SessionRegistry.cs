using System.Collections.Concurrent;
using Messaging.Wire;

namespace Messaging.Relay.Connections;

/// <summary>The authenticated sessions, one for each principal: the newest. Thread safe.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<PrincipalId, RelaySession> _devices = new();
    private readonly ConcurrentDictionary<PrincipalId, RelaySession> _controls = new();
    private ulong _lastNumber;

    /// <param name="time">Numbers start with the time of the start, so that they rise over restarts without anything kept on disk.</param>
    public SessionRegistry(TimeProvider time) => _lastNumber = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16;

    /// <summary>The sessions of devices.</summary>
    public IEnumerable<RelaySession> Devices => _devices.Select(pair => pair.Value);

    /// <summary>The sessions of control.</summary>
    public IEnumerable<RelaySession> Controls => _controls.Select(pair => pair.Value);

    /// <summary>The number of the next connection.</summary>
    public ulong NextNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>A device's session, or null.</summary>
    public RelaySession? FindDevice(PrincipalId id) => _devices.GetValueOrDefault(id);

    /// <summary>Makes a session its principal's, and answers the one that was until now.</summary>
    public RelaySession? Replace(RelaySession session)
    {
        var sessions = Of(session);
        while (true)
        {
            if (sessions.TryAdd(session.Id, session))
            {
                return null;
            }

            if (sessions.TryGetValue(session.Id, out var old) && sessions.TryUpdate(session.Id, session, old))
            {
                return old;
            }
        }
    }

    /// <summary>Removes a session, if it has not been replaced.</summary>
    public void Remove(RelaySession session) => Of(session).TryRemove(KeyValuePair.Create(session.Id, session));

    private ConcurrentDictionary<PrincipalId, RelaySession> Of(RelaySession session) => session.IsControl ? _controls : _devices;
}
