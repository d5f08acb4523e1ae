using System.Runtime.InteropServices;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Topics;

/// <summary>Where messages of a topic go, as long as nobody subscribes or unsubscribes.</summary>
/// <param name="Version">Of the subscriptions that it was made from.</param>
/// <param name="Targets">Each session once.</param>
/// <param name="Shared">Of each, one member.</param>
internal sealed record Route(int Version, Route.Target[] Targets, SharedSubscription[] Shared)
{
    /// <summary>A session whose subscriptions match, taken together (MQTT 5 section 3.3.4 allows one copy for all of them).</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Quality">The highest of its subscriptions.</param>
    /// <param name="NoLocal">All of them are without what the session publishes itself.</param>
    /// <param name="RetainAsPublished">One of them is.</param>
    /// <param name="Ids">Their identifiers.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Target(Session Session, QualityOfService Quality, bool NoLocal, bool RetainAsPublished, uint[] Ids);
}
