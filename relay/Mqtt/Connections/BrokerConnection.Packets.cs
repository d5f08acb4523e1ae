using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;

namespace Messaging.Relay.Mqtt.Connections;

/// <content>What each packet does.</content>
internal sealed partial class BrokerConnection
{
    private void Handle(byte first, ReadOnlySpan<byte> body)
    {
        var kind = (PacketKind)(first >> 4);
        if (Session is not { } session)
        {
            if (kind == PacketKind.Connect)
            {
                OnConnect(body);
            }
            else
            {
                Fail(ReasonCode.ProtocolError);
            }

            return;
        }

        switch (kind)
        {
            case PacketKind.Publish:
                OnPublish(session, first, body);
                break;
            case PacketKind.PubAck or PacketKind.PubRec or PacketKind.PubRel or PacketKind.PubComp:
                OnAck(session, kind, body);
                break;
            case PacketKind.Subscribe:
                OnSubscribe(session, body);
                break;
            case PacketKind.Unsubscribe:
                OnUnsubscribe(session, body);
                break;
            case PacketKind.PingReq when body.IsEmpty:
                Send(AnswerWriter.PingResp, _flushes);
                break;
            case PacketKind.Disconnect:
                OnDisconnect(session, body);
                break;
            default:
                Fail(kind == PacketKind.PingReq ? ReasonCode.MalformedPacket : ReasonCode.ProtocolError);
                break;
        }
    }

    private void OnConnect(ReadOnlySpan<byte> body)
    {
        var fault = ConnectPacket.TryRead(body, out var packet);
        Version = packet.Version == default ? MqttVersion.V311 : packet.Version;
        if (fault != ReasonCode.Success)
        {
            _broker.Counters.Malformed();
            Refuse(fault);
            return;
        }

        if (Permissions?.Enter(packet) is { } unwelcome and not ReasonCode.Success)
        {
            Refuse(unwelcome);
            return;
        }

        // [MQTT-3.1.2-24]
        SilenceMs = packet.KeepAlive * 1500L;
        SendMaximum = Math.Min(packet.ReceiveMaximum, _broker.Options.ReceiveMaximum);
        _maximumPacketSize = packet.MaximumPacketSize;
        var (reason, session, isPresent) = _broker.Connect(this, packet, _flushes);
        if (session is null)
        {
            Refuse(reason);
            return;
        }

        if (Permissions is { } permissions)
        {
            var now = permissions.Name(SessionKey.ClientIdOf(session.ClientId));
            if (now != ReasonCode.Success)
            {
                // Its user was changed just now, before the session was there to be found.
                (session.Will, session.ExpirySeconds) = (null, now == ReasonCode.NotAuthorized ? 0 : session.ExpirySeconds);
                Session = session;
                Refuse(ReasonCode.NotAuthorized);
                return;
            }

            _broker.Restrict(session, permissions.Acl);
        }

        Session = session;
        Send(
            ConnAckWriter.Write(
                Version,
                ReasonCode.Success,
                isPresent,
                _broker.Options,
                packet.ClientId.Length == 0 ? SessionKey.ClientIdOf(session.ClientId) : default,
                session.ExpirySeconds == packet.SessionExpirySeconds ? null : session.ExpirySeconds),
            _flushes);
        _isTaken = true;
        if (!session.TryAttach(this, _flushes))
        {
            Close(ReasonCode.SessionTakenOver);
        }
    }

    private void Refuse(ReasonCode reason)
    {
        _broker.Counters.Refused();
        Send(ConnAckWriter.Write(Version, reason, isSessionPresent: false, _broker.Options, default, null), null);
        Close(null);
    }

    private void OnPublish(Session session, byte first, ReadOnlySpan<byte> body)
    {
        if (PublishPacket.TryRead(first, body, Version, out var packet) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        _publishes++;
        if (packet.TopicAlias != 0 && !TryAlias(ref packet))
        {
            Fail(ReasonCode.TopicAliasInvalid);
            return;
        }

        if (packet.Quality == QualityOfService.ExactlyOnce && session.TryReceive(packet.PacketId) is not true and var isNew)
        {
            if (isNew is null)
            {
                Fail(ReasonCode.ReceiveMaximumExceeded);
            }
            else
            {
                SendAck(PacketKind.PubRec, packet.PacketId, ReasonCode.Success, _flushes);
            }

            return;
        }

        var reason = Publish(session, packet, out var write);
        if (write is not null)
        {
            Enqueue(session, packet, reason, write);
            return;
        }

        switch (packet.Quality)
        {
            case QualityOfService.AtLeastOnce:
                Acknowledge(PacketKind.PubAck, packet.PacketId, reason);
                break;
            case QualityOfService.ExactlyOnce:
                if (reason >= ReasonCode.UnspecifiedError && Version == MqttVersion.V5)
                {
                    // It ends here (MQTT 5 section 4.3.3).
                    session.TryForget(packet.PacketId);
                }

                Acknowledge(PacketKind.PubRec, packet.PacketId, reason);
                break;
            default:
                break;
        }
    }

    /// <summary>Acknowledges now, or behind what waits for the disk.</summary>
    private void Acknowledge(PacketKind kind, ushort packetId, ReasonCode reason)
    {
        if (_acks is not { IsEmpty: false } acks)
        {
            SendAck(kind, packetId, reason, _flushes);
        }
        else
        {
            acks.Complete(acks.Add(kind, packetId), reason, _flushes);
        }
    }

    /// <summary>Acknowledges when the disk has it.</summary>
    private void Enqueue(Session session, in PublishPacket packet, ReasonCode reason, PublishWrite write)
    {
        var (quality, id) = (packet.Quality, packet.PacketId);
        if (quality != QualityOfService.AtMostOnce)
        {
            if (quality == QualityOfService.ExactlyOnce && session.IsDurable)
            {
                write.Receives(session.Number, id);
            }

            _acks ??= new AckQueue((slot, flushes) => SendAck(slot.Kind, slot.PacketId, slot.Reason!.Value, flushes), _broker.Options.ReceiveMaximum);
            var slot = _acks.Add(quality == QualityOfService.ExactlyOnce ? PacketKind.PubRec : PacketKind.PubAck, id);
            write.Completed = outcome => Written(session, slot, outcome, reason);
        }

        _broker.Journal.Enqueue(write);
    }

    private void Written(Session session, AckSlot slot, StoreOutcome outcome, ReasonCode reason)
    {
        if (outcome == StoreOutcome.Durable)
        {
            _acks!.Complete(slot, reason, _broker.Journal.Flushes);
            return;
        }

        _broker.Counters.NotStored();
        if (slot.Kind == PacketKind.PubRec)
        {
            session.TryForget(slot.PacketId);
        }

        if (Version != MqttVersion.V5)
        {
            // It has no word for it: what is not acknowledged is sent again. An acknowledgement on its way out with the rest would say that it is stored.
            _acks!.Close();
            Close(null);
            return;
        }

        // What is refused at once is so on the reader's thread, else on the writer's.
        var flushes = new FlushList();
        _acks!.Complete(slot, outcome is StoreOutcome.Full or StoreOutcome.Busy ? ReasonCode.QuotaExceeded : ReasonCode.UnspecifiedError, flushes);
        flushes.Flush();
        if (outcome == StoreOutcome.Stopped)
        {
            Close(ReasonCode.ServerShuttingDown);
        }
    }

    private ReasonCode Publish(Session session, in PublishPacket packet, out PublishWrite? write)
    {
        write = null;
        if (Permissions is { } permissions && !permissions.MayPublish(packet.Topic))
        {
            _broker.Counters.PublishRefused();
            return ReasonCode.NotAuthorized;
        }

        var publication = new Publication
        {
            Topic = packet.Topic,
            Payload = packet.Payload,
            Properties = packet.Properties,
            Quality = packet.Quality,
            IsRetained = packet.IsRetained,
            ExpiresAtMs = packet.ExpirySeconds is { } seconds ? NowMs + (seconds * 1000L) : long.MaxValue,
        };
        if (packet.HasOwnProperties)
        {
            if (_foreign.Length < packet.Properties.Length)
            {
                _foreign = new byte[packet.Properties.Length];
            }

            publication.Properties = _foreign.AsSpan(0, packet.CopyForeignProperties(_foreign));
        }

        return _broker.Publish(session, RouteOf(packet.Topic), ref publication, _flushes, out write);
    }

    /// <summary>Most publishers use one topic at a time.</summary>
    private Route RouteOf(ReadOnlySpan<byte> topic)
    {
        if (_route is { } route && route.Version == _broker.Topics.Version && topic.SequenceEqual(_routeTopic))
        {
            return route;
        }

        if (!topic.SequenceEqual(_routeTopic))
        {
            _routeTopic = topic.ToArray();
        }

        return _route = _broker.Topics.Match(topic);
    }

    /// <summary>Topic aliases (MQTT 5 section 3.3.2.3.4).</summary>
    private bool TryAlias(ref PublishPacket packet)
    {
        if (packet.TopicAlias > _broker.Options.TopicAliasMaximum)
        {
            return false;
        }

        _aliases ??= new byte[_broker.Options.TopicAliasMaximum + 1][];
        ref var alias = ref _aliases[packet.TopicAlias];
        if (!packet.Topic.IsEmpty)
        {
            if (!packet.Topic.SequenceEqual(alias))
            {
                alias = packet.Topic.ToArray();
            }

            return true;
        }

        packet.Topic = alias;
        return alias is not null;
    }

    private void OnAck(Session session, PacketKind kind, ReadOnlySpan<byte> body)
    {
        if (AckPacket.TryRead(body, Version, out var id, out var reason) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        switch (kind)
        {
            case PacketKind.PubRec when reason < ReasonCode.UnspecifiedError:
                if (session.TryRelease(id) is not false and var isKnown)
                {
                    SendAck(PacketKind.PubRel, id, isKnown == true ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound, _flushes);
                }

                break;
            case PacketKind.PubRel:
                OnRelease(session, id);
                break;
            default:
                session.Complete(this, id, _flushes);
                break;
        }
    }

    /// <summary>The client ends a message of QoS 2, and may use its identifier for the next as soon as the disk has forgotten it, too.</summary>
    private void OnRelease(Session session, ushort id)
    {
        if (!session.TryForget(id))
        {
            SendAck(PacketKind.PubComp, id, ReasonCode.PacketIdentifierNotFound, _flushes);
        }
        else if (session.IsDurable)
        {
            var journal = _broker.Journal;
            journal.Enqueue(() => journal.Table.RemoveReceived(session.Number, id), () => SendAck(PacketKind.PubComp, id, ReasonCode.Success, journal.Flushes));
        }
        else
        {
            SendAck(PacketKind.PubComp, id, ReasonCode.Success, _flushes);
        }
    }

    private void OnDisconnect(Session session, ReadOnlySpan<byte> body)
    {
        if (DisconnectPacket.TryRead(body, Version, out var reason, out var expiry) is not ReasonCode.Success and var fault)
        {
            Fail(fault);
            return;
        }

        if (expiry is { } seconds)
        {
            // [MQTT-3.14.2-2]
            if (session.ExpirySeconds == 0 && seconds != 0)
            {
                Fail(ReasonCode.ProtocolError);
                return;
            }

            session.ExpirySeconds = Math.Min(seconds, _broker.Options.MaxSessionExpirySeconds);
        }

        LeavesWill = reason != ReasonCode.Success;
        Close(null);
    }
}
