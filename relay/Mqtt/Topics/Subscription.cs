using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Topics;

/// <summary>What a session has subscribed. It is replaced, never changed.</summary>
/// <param name="Session">Whose it is.</param>
/// <param name="Text">The filter as the client wrote it, the key among its session's.</param>
/// <param name="Filter">The filter of topics.</param>
/// <param name="Group">The name of the shared subscription; empty: it is none.</param>
/// <param name="Options">How it is served.</param>
/// <param name="Ids">The subscription identifier, or nothing.</param>
internal sealed record Subscription(Session Session, byte[] Text, byte[] Filter, byte[] Group, SubscribeOptions Options, uint[] Ids)
{
    private const int OverheadBytes = 300;

    /// <summary>Bytes that it takes: here, and about as much again in the tree.</summary>
    public int Charge => (2 * (Text.Length + Filter.Length)) + OverheadBytes;
}
