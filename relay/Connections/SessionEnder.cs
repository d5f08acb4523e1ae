using Messaging.Relay.Presence;
using MQTTnet.Protocol;

namespace Messaging.Relay.Connections;

/// <summary>Ends sessions in the one order that leaves no gap: out of the registry, out of presence, off the wire.</summary>
internal sealed class SessionEnder(SessionRegistry sessions, PresencePublisher presence)
{
    /// <summary>Ends a session; repeated calls change nothing.</summary>
    public void End(RelaySession session, MqttDisconnectReasonCode reason)
    {
        sessions.Remove(session);
        presence.Withdraw(session);
        session.Channel.Close(reason);
        session.Channel.Ticket.Retire();
    }
}
