using Messaging.Relay.Connections;
using Messaging.Relay.Routing;
using Messaging.Wire;

namespace Messaging.Relay.Presence;

/// <summary>Tells control which devices come and go: each coming once, and each going that followed one.</summary>
internal sealed class PresencePublisher(SessionRegistry sessions, MessageRouter router, TimeProvider time)
{
    /// <summary>A device has been let in.</summary>
    public void Announce(RelaySession session)
    {
        if (session.IsControl)
        {
            return;
        }

        lock (session.PresenceLock)
        {
            if (session.Presence == PresenceState.Unannounced)
            {
                session.Presence = PresenceState.Announced;
                router.Tell(Topics.PresenceFilter, Topics.Presence(session.Id), Event(session, connected: true));
            }
        }
    }

    /// <summary>A session is over.</summary>
    public void Withdraw(RelaySession session)
    {
        lock (session.PresenceLock)
        {
            var wasAnnounced = session.Presence == PresenceState.Announced;
            session.Presence = PresenceState.Withdrawn;
            if (wasAnnounced)
            {
                router.Tell(Topics.PresenceFilter, Topics.Presence(session.Id), Event(session, connected: false));
            }
        }
    }

    /// <summary>Tells a control that has just subscribed who is here. Whom it does not hear of is not.</summary>
    public void Recall(RelaySession control)
    {
        foreach (var session in sessions.Devices)
        {
            lock (session.PresenceLock)
            {
                if (session.Presence == PresenceState.Announced)
                {
                    router.Tell(control, Topics.PresenceFilter, Topics.Presence(session.Id), Event(session, connected: true));
                }
            }
        }
    }

    private byte[] Event(RelaySession session, bool connected) =>
        new PresenceEvent(connected, session.Number, time.GetUtcNow().ToUnixTimeMilliseconds(), session.Channel.TransportName).Encode();
}
