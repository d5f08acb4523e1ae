namespace Messaging.Relay.Counters;

/// <summary>What the relay counts. The names, in camel case, are those of the statistics message.</summary>
internal enum RelayCounter
{
    /// <summary>Connections that got a place at the gate.</summary>
    ConnectionsAccepted,

    /// <summary>Connections turned away before anything was read: too many in all, or from one address.</summary>
    ConnectionsRefused,

    /// <summary>Connections that were not authenticated in time.</summary>
    ConnectTimeouts,

    /// <summary>Successful authentications.</summary>
    AuthenticationsAccepted,

    /// <summary>Refused authentications: unknown, revoked, wrong key, wrong or replayed token.</summary>
    AuthenticationsRefused,

    /// <summary>Of the refused authentications, those whose token had been used before.</summary>
    TokensReplayed,

    /// <summary>Devices turned away because no directory has come yet, or because the relay is full.</summary>
    ConnectsUnavailable,

    /// <summary>Sessions that a newer connection of the same principal replaced.</summary>
    SessionsTakenOver,

    /// <summary>Sessions cut because the directory revoked their principal or changed its key.</summary>
    SessionsRevoked,

    /// <summary>Packets that no MQTT parser could read.</summary>
    MalformedPackets,

    /// <summary>Packets that announced more bytes than allowed.</summary>
    OversizedPackets,

    /// <summary>Packets that MQTT or the relay's terms forbid here.</summary>
    ProtocolViolations,

    /// <summary>Publishes to a topic that the sender may not publish to.</summary>
    PublishesRefused,

    /// <summary>Subscriptions that the sender may not make.</summary>
    SubscriptionsRefused,

    /// <summary>Packets after which the reader paused, because the sender was over its rate.</summary>
    PacketsDelayed,

    /// <summary>Clients cut because they let too much, or anything for too long, wait for them.</summary>
    SlowConsumersCut,

    /// <summary>Clients cut because they were silent for one and a half keep-alives.</summary>
    KeepAliveTimeouts,

    /// <summary>Messages taken from devices.</summary>
    MessagesUp,

    /// <summary>Payload bytes taken from devices.</summary>
    BytesUp,

    /// <summary>Messages queued for devices, once for every recipient.</summary>
    MessagesDown,

    /// <summary>Payload bytes queued for devices.</summary>
    BytesDown,

    /// <summary>Messages from devices that found no control.</summary>
    MessagesUnheard,

    /// <summary>Messages from devices refused because control was too slow for too long.</summary>
    MessagesHeldOff,

    /// <summary>Messages not passed on because the recipient takes only smaller packets.</summary>
    MessagesTooLarge,

    /// <summary>Directory updates that could not be read or did not fit the version.</summary>
    DirectoryUpdatesRefused,

    /// <summary>Requests of long poll that fit no session, or not its state.</summary>
    PollRequestsRefused,

    /// <summary>Sessions of long poll whose client asked no more.</summary>
    PollSessionsExpired,

    /// <summary>TLS handshakes that failed, or were not done in time.</summary>
    TlsHandshakesFailed,

    /// <summary>Users of the generic namespace that were let in.</summary>
    UsersAccepted,

    /// <summary>Users of the generic namespace with a wrong name or password, or none.</summary>
    UsersRefused,

    /// <summary>Users of the generic namespace that were sent away without a look: too many failures, or too much to do.</summary>
    UsersDelayed,
}
