using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;

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

        if (session.IsDurable && added.Count > 0)
        {
            var id = packet.PacketId;
            _broker.Journal.Enqueue(new SubscriptionWrite(_broker.Journal, session.Number, [.. added.Select(static one => one.Subscription)], [], outcome => Subscribed(session, id, reasons, added, outcome)));
        }
        else
        {
            Answer(packet.PacketId, reasons, added, _flushes);
        }
    }

    private void Answer(ushort packetId, List<ReasonCode> reasons, List<(Subscription Subscription, bool IsNew)> added, FlushList flushes)
    {
        Send(AnswerWriter.Reasons(PacketKind.SubAck, packetId, Version, [.. reasons]), flushes);
        foreach (var (subscription, isNew) in added)
        {
            _broker.SendRetained(subscription, isNew, flushes);
        }
    }

    /// <summary>The subscriptions of a kept session are on the disk, or cannot be: then there are none.</summary>
    private void Subscribed(Session session, ushort packetId, List<ReasonCode> reasons, List<(Subscription Subscription, bool IsNew)> added, StoreOutcome outcome)
    {
        var flushes = new FlushList();
        if (outcome != StoreOutcome.Durable)
        {
            _broker.Counters.NotStored();
            added.ForEach(one => _broker.Unsubscribe(session, one.Subscription.Text));
            added.Clear();
            reasons = [.. reasons.Select(static reason => reason < ReasonCode.UnspecifiedError ? ReasonCode.QuotaExceeded : reason)];
        }

        Answer(packetId, reasons, added, flushes);
        flushes.Flush();
    }

    private void OnUnsubscribe(Session session, ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, Version, isSubscribe: false, out var packet) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        var reasons = new List<ReasonCode>();
        var removed = new List<byte[]>();
        while (packet.Next(out var text, out _, out fault))
        {
            var isThere = _broker.Unsubscribe(session, text);
            reasons.Add(isThere ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
            if (isThere)
            {
                removed.Add(text.ToArray());
            }
        }

        if (fault != ReasonCode.Success)
        {
            Fail(fault);
            return;
        }

        if (session.IsDurable && removed.Count > 0)
        {
            var id = packet.PacketId;
            _broker.Journal.Enqueue(new SubscriptionWrite(_broker.Journal, session.Number, [], removed, outcome => Unsubscribed(id, reasons, outcome)));
        }
        else
        {
            Send(AnswerWriter.Reasons(PacketKind.UnsubAck, packet.PacketId, Version, [.. reasons]), _flushes);
        }
    }

    /// <summary>The disk has forgotten subscriptions, or it cannot: then they are back after a restart.</summary>
    private void Unsubscribed(ushort packetId, List<ReasonCode> reasons, StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable)
        {
            Send(AnswerWriter.Reasons(PacketKind.UnsubAck, packetId, Version, [.. reasons]), _broker.Journal.Flushes);
            return;
        }

        _broker.Counters.NotStored();
        if (Version == MqttVersion.V5)
        {
            Send(AnswerWriter.Reasons(PacketKind.UnsubAck, packetId, Version, [.. reasons.Select(static _ => ReasonCode.UnspecifiedError)]), null);
        }
        else
        {
            Close(null);
        }
    }
}
