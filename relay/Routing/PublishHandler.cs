using System.Buffers;
using Messaging.Relay.Access;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Principals;
using Messaging.Relay.Transport;
using MQTTnet;
using MQTTnet.Protocol;

namespace Messaging.Relay.Routing;

/// <summary>Decides over one publish and sends it on its way.</summary>
internal sealed class PublishHandler(PrincipalDirectory directory, DirectoryUpdater updater, MessageRouter router, RelayCounters counters)
{
    /// <returns>What the PUBACK says.</returns>
    public async ValueTask<MqttPubAckReasonCode> HandleAsync(RelaySession session, MqttApplicationMessage published)
    {
        var known = directory.Find(session.Id);
        var grant = session.IsStillWelcome(known) ? AccessPolicy.Publish(session.Subject(known), published.Topic) : default;
        if (grant.Target == PublishTarget.Refused)
        {
            counters.Count(RelayCounter.PublishesRefused);
        }

        var reason = grant.Target switch
        {
            PublishTarget.Control => await router.ToControlAsync(session, Message(published)),
            PublishTarget.Device => router.ToDevice(grant.Id, Message(published)),
            PublishTarget.Group => router.ToGroup(grant.Id, Message(published)),
            PublishTarget.Directory => updater.Apply(session, Payload(published).Span),
            _ => MqttPubAckReasonCode.NotAuthorized,
        };

        if (reason >= MqttPubAckReasonCode.UnspecifiedError && !session.Channel.IsVersion5)
        {
            // MQTT 3.1.1 cannot say no; closing is the other answer that it allows (section 3.3.5).
            session.Channel.Close(MqttDisconnectReasonCode.NotAuthorized);
        }

        return reason;
    }

    private static OutboundMessage Message(MqttApplicationMessage published) =>
        new(published.Topic, Payload(published), published.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce);

    private static ReadOnlyMemory<byte> Payload(MqttApplicationMessage published) =>
        published.Payload.IsSingleSegment ? published.Payload.First : published.Payload.ToArray();
}
