using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Connections;

/// <content>SUBSCRIBE and UNSUBSCRIBE.</content>
internal sealed partial class BrokerConnection
{
    private void OnSubscribe(Session session, ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, Version, isSubscribe: true, out var packet) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        var reasons = new List<ReasonCode>();
        var added = new List<(Subscription Subscription, bool IsNew)>();
        while (packet.Next(out var text, out var options, out fault))
        {
            if (!TopicText.TrySplitShare(text, out var group, out var filter) || !TopicText.IsFilter(filter))
            {
                reasons.Add(ReasonCode.TopicFilterInvalid);
                continue;
            }

            // [MQTT-3.8.3-4]
            if (!group.IsEmpty && options.NoLocal)
            {
                Fail(ReasonCode.ProtocolError);
                return;
            }

            if (Permissions is { } permissions && !permissions.MaySubscribe(filter))
            {
                _broker.Counters.SubscriptionRefused();
                reasons.Add(ReasonCode.NotAuthorized);
                continue;
            }

            var subscription = new Subscription(
                session, text.ToArray(), filter.ToArray(), group.ToArray(), options, packet.SubscriptionId == 0 ? [] : [packet.SubscriptionId]);
            if (_broker.Subscribe(subscription) is { } isNew)
            {
                // What its user may could have changed in between.
                if (Permissions?.MaySubscribe(filter) == false)
                {
                    _broker.Unsubscribe(session, text);
                    reasons.Add(ReasonCode.NotAuthorized);
                    continue;
                }

                added.Add((subscription, isNew));
                reasons.Add((ReasonCode)options.Quality);
            }
            else
            {
                reasons.Add(ReasonCode.QuotaExceeded);
            }
        }

        if (fault != ReasonCode.Success)
        {
            Fail(fault);
            return;
        }

        Send(AnswerWriter.Reasons(PacketKind.SubAck, packet.PacketId, Version, [.. reasons]), _flushes);
        foreach (var (subscription, isNew) in added)
        {
            _broker.SendRetained(subscription, isNew, _flushes);
        }
    }

    private void OnUnsubscribe(Session session, ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, Version, isSubscribe: false, out var packet) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        var reasons = new List<ReasonCode>();
        while (packet.Next(out var text, out _, out fault))
        {
            reasons.Add(_broker.Unsubscribe(session, text) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        }

        if (fault != ReasonCode.Success)
        {
            Fail(fault);
            return;
        }

        Send(AnswerWriter.Reasons(PacketKind.UnsubAck, packet.PacketId, Version, [.. reasons]), _flushes);
    }
}
