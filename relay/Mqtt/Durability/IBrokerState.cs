using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>A broker that gets back what it had.</summary>
internal interface IBrokerState
{
    RetainedMessages Retained { get; }

    /// <summary>Its clock, in milliseconds.</summary>
    long NowMs { get; }

    /// <summary>A session that was kept, without a connection; null: its time is over.</summary>
    Session? Open(in SessionState state);

    /// <summary>What such a session had subscribed.</summary>
    void Resubscribe(Subscription subscription);
}
