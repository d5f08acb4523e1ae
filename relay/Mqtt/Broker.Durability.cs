using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt;

/// <content>What is given back at the start.</content>
internal sealed partial class Broker
{
    RetainedMessages IBrokerState.Retained => _retained;

    /// <summary>Where it is kept.</summary>
    public BrokerJournal Journal => _journal;

    Session? IBrokerState.Open(in SessionState state)
    {
        // Of one that was connected when the process ended, the time begins now.
        var now = NowMs;
        var left = state.LeftUnixMs is { } unixMs ? now - Math.Max(0, Time.GetUtcNow().ToUnixTimeMilliseconds() - unixMs) : now;
        var expires = left + (state.ExpirySeconds * 1000L);
        if (state.ExpirySeconds == 0 || expires <= now)
        {
            return null;
        }

        var session = new Session(state.ClientId, Options, Counters, Held, _journal)
        {
            Number = state.Number,
            ExpirySeconds = state.ExpirySeconds,
            LeftAtMs = left,
            ExpiresAtMs = expires,
        };
        _sessions[session.ClientId] = session;
        return session;
    }

    void IBrokerState.Resubscribe(Subscription subscription) => Subscribe(subscription);
}
