using System.Runtime.InteropServices;
using Messaging.Relay.Limits;
using Messaging.Wire;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>All sessions: unique names in a channel, and bounds. Thread safe.</summary>
internal sealed class LegacySessions(LegacyOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, LegacySession> _sessions = [];
    private readonly Dictionary<ChannelId, Dictionary<string, LegacySession>> _channels = [];
    private readonly Dictionary<AddressKey, int> _addresses = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    public LegacySession? Find(string? id)
    {
        if (id is not { Length: > 0 and <= LegacyLimits.SessionId })
        {
            return null;
        }

        var key = SessionKey.Of(id);
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(key);
        }
    }

    public SessionRefusal TryAdd(LegacySession session)
    {
        lock (_gate)
        {
            var agents = _channels.GetValueOrDefault(session.Channel);
            var refusal = agents?.ContainsKey(session.Agent) == true ? SessionRefusal.NameInUse
                : agents?.Count >= options.MaxSessionsPerChannel ? SessionRefusal.ChannelFull
                : session.Address is { } address && _addresses.GetValueOrDefault(address) >= options.MaxSessionsPerAddress ? SessionRefusal.AddressFull
                : _sessions.Count >= options.MaxSessions ? SessionRefusal.Full
                : SessionRefusal.None;
            if (refusal == SessionRefusal.None)
            {
                Add(session);
            }

            return refusal;
        }
    }

    /// <summary>Takes a session that was kept; what was let in once stays, whatever the limits are now.</summary>
    public void Restore(LegacySession session)
    {
        lock (_gate)
        {
            Add(session);
        }
    }

    /// <summary>Ends a session.</summary>
    /// <returns>Whether it is this call that ended it.</returns>
    public bool Remove(LegacySession session)
    {
        lock (_gate)
        {
            if (!_sessions.Remove(session.Key))
            {
                return false;
            }

            var agents = _channels[session.Channel];
            agents.Remove(session.Agent);
            if (agents.Count == 0)
            {
                _channels.Remove(session.Channel);
            }

            if (session.Address is { } address && --CollectionsMarshal.GetValueRefOrAddDefault(_addresses, address, out _) == 0)
            {
                _addresses.Remove(address);
            }
        }

        session.End();
        return true;
    }

    public List<LegacySession> All()
    {
        lock (_gate)
        {
            return [.. _sessions.Values];
        }
    }

    /// <summary>A channel's sessions, by the names of their agents.</summary>
    public List<LegacySession> Of(ChannelId channel)
    {
        lock (_gate)
        {
            return _channels.TryGetValue(channel, out var agents) ? [.. agents.Values.OrderBy(static session => session.Agent, StringComparer.Ordinal)] : [];
        }
    }

    private void Add(LegacySession session)
    {
        _sessions.Add(session.Key, session);
        (CollectionsMarshal.GetValueRefOrAddDefault(_channels, session.Channel, out _) ??= new(StringComparer.Ordinal)).Add(session.Agent, session);
        if (session.Address is { } address)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_addresses, address, out _)++;
        }
    }
}
