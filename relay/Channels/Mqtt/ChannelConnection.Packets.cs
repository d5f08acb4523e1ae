using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Mqtt;

/// <content>What each packet does.</content>
internal sealed partial class ChannelConnection
{
    private void Handle(byte first, ReadOnlySpan<byte> body)
    {
        var kind = (PacketKind)(first >> 4);
        if (!_isConnected)
        {
            // The door has read it.
            _isConnected = true;
            _sender.Send(ConnAck());
            return;
        }

        switch (kind)
        {
            case PacketKind.Publish:
                OnPublish(first, body);
                break;
            case PacketKind.PubRel:
                OnRelease(body);
                break;
            case PacketKind.Subscribe:
                OnSubscribe(body);
                break;
            case PacketKind.Unsubscribe:
                OnUnsubscribe(body);
                break;
            case PacketKind.PingReq when body.IsEmpty:
                _sender.Send(AnswerWriter.PingResp);
                break;
            case PacketKind.Disconnect:
                OnDisconnect(body);
                break;
            default:
                // Nothing is sent that a client could acknowledge.
                Close(ReasonCode.ProtocolError);
                break;
        }
    }

    private byte[] ConnAck()
    {
        var assigned = _connect.ClientId.Length > 0 ? [] : Encoding.ASCII.GetBytes("auto-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        return ConnAckWriter.Write(_connect.Version, ReasonCode.Success, isSessionPresent: false, ChannelTerms.ConnAck, assigned, _connect.SessionExpirySeconds == 0 ? null : 0);
    }

    private void OnPublish(byte first, ReadOnlySpan<byte> body)
    {
        var fault = PublishPacket.TryRead(first, body, _connect.Version, out var packet);
        fault = fault != ReasonCode.Success ? fault
            : packet.TopicAlias != 0 ? ReasonCode.TopicAliasInvalid
            : packet.IsRetained && _connect.Version == MqttVersion.V5 ? ReasonCode.RetainNotSupported
            : ReasonCode.Success;
        if (fault != ReasonCode.Success)
        {
            Close(fault);
            return;
        }

        if (packet.Quality == QualityOfService.ExactlyOnce && !TryBegin(packet.PacketId, out var isTooMany))
        {
            if (isTooMany)
            {
                Close(ReasonCode.ReceiveMaximumExceeded);
                return;
            }

            // It came again before its release, and is not appended again.
            _taken = new PendingAnswer(packet.Quality, packet.PacketId, Appending: null);
            return;
        }

        _taken = _topics.OfName(packet.Topic) switch
        {
            ChannelTopic.Records when !packet.Payload.IsEmpty =>
                new PendingAnswer(packet.Quality, packet.PacketId, _registry.AppendAsync(_channel, packet.Payload.ToArray(), _from)),
            ChannelTopic.Records => new PendingAnswer(packet.Quality, packet.PacketId, Appending: null, ReasonCode.PayloadFormatInvalid),
            ChannelTopic.Member => new PendingAnswer(packet.Quality, packet.PacketId, Appending: null, Join(packet.Payload)),
            _ => new PendingAnswer(packet.Quality, packet.PacketId, Appending: null, ReasonCode.TopicNameInvalid),
        };
    }

    /// <summary>A message of QoS 2 begins.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="isTooMany">As many are begun as may.</param>
    /// <returns>False: it has begun before, or cannot.</returns>
    private bool TryBegin(ushort id, out bool isTooMany)
    {
        lock (_unreleased)
        {
            isTooMany = _unreleased.Count >= ChannelTerms.ConnAck.ReceiveMaximum && !_unreleased.Contains(id);
            return !isTooMany && _unreleased.Add(id);
        }
    }

    /// <summary>A message of QoS 2 ends.</summary>
    private bool Forget(ushort id)
    {
        lock (_unreleased)
        {
            return _unreleased.Remove(id);
        }
    }

    /// <summary>The connection is a member from now on, or, with nothing, none any more.</summary>
    private ReasonCode Join(ReadOnlySpan<byte> payload)
    {
        ChannelJoin? join = null;
        if (!payload.IsEmpty && !ChannelJoin.TryDecode(payload, out join))
        {
            return ReasonCode.PayloadFormatInvalid;
        }

        var stay = join is null ? null : _channel.Members.TryJoin(new ChannelMember(join.Name, join.Info, _registry.NowMs), _registry.Options.MaxMembers);
        if (join is not null && stay is null)
        {
            return ReasonCode.QuotaExceeded;
        }

        // The new one first, so that a member that says something else of itself is not away in between.
        _stay?.Dispose();
        _stay = stay;
        return ReasonCode.Success;
    }

    private void OnRelease(ReadOnlySpan<byte> body)
    {
        if (AckPacket.TryRead(body, _connect.Version, out var id, out _) is not ReasonCode.Success and var fault)
        {
            Close(fault);
            return;
        }

        _sender.Acknowledge(PacketKind.PubComp, id, Forget(id) ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    private void OnSubscribe(ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, _connect.Version, isSubscribe: true, out var packet) is not ReasonCode.Success and var fault)
        {
            Close(fault);
            return;
        }

        var reasons = new List<ReasonCode>();
        var wanted = new List<(string Filter, ChannelFeed Feed)>();
        string? text = null;
        while (packet.Next(out var filter, out var options, out fault))
        {
            var name = Encoding.UTF8.GetString(filter);
            var reason = Judge(filter, options, wanted.Count, out var kind, out var from);
            if (reason == ReasonCode.ImplementationSpecific)
            {
                text = $"beyond_end: the channel goes to {_channel.Extent.Next}. {ChannelProblem.BeyondEnd.Text}";
            }

            reasons.Add(reason);
            if (reason == ReasonCode.Success)
            {
                wanted.Add((name, kind == ChannelTopic.Members
                    ? new MemberFeed(_channel, _sender, _topics.Members, packet.SubscriptionId)
                    : new RecordFeed(_channel, _registry, _sender, filter, from, packet.SubscriptionId)));
            }
        }

        if (fault != ReasonCode.Success)
        {
            Close(fault);
            return;
        }

        // All come with QoS 0, in order: who misses something asks for it by its offset.
        _sender.Send(AnswerWriter.Reasons(PacketKind.SubAck, packet.PacketId, _connect.Version, [.. reasons], _connect.WantsProblemInformation ? text : null));
        foreach (var (filter, feed) in wanted)
        {
            if (_subscriptions.Remove(filter, out var former))
            {
                _replaced.Add(former);
            }

            _subscriptions.Add(filter, new ChannelSubscription(_channel, feed, _sender, reason => Close(reason), _ended.Token));
        }
    }

    /// <summary>Whether a filter can be served.</summary>
    private ReasonCode Judge(ReadOnlySpan<byte> filter, SubscribeOptions options, int others, out ChannelTopic kind, out ulong from)
    {
        kind = _topics.OfFilter(filter, out from);
        if (filter.StartsWith("$share/"u8))
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        if (kind == ChannelTopic.Unknown)
        {
            return TopicText.IsFilter(filter) ? ReasonCode.NotAuthorized : ReasonCode.TopicFilterInvalid;
        }

        // Who appended a record is not known: it cannot be kept from its author.
        if (options.NoLocal)
        {
            return ReasonCode.UnspecifiedError;
        }

        var next = (ulong)_channel.Extent.Next;
        if (kind == ChannelTopic.News)
        {
            from = next;
        }

        return from > next ? ReasonCode.ImplementationSpecific
            : _subscriptions.Count + others >= ChannelTerms.MaxSubscriptions ? ReasonCode.QuotaExceeded
            : ReasonCode.Success;
    }

    private void OnUnsubscribe(ReadOnlySpan<byte> body)
    {
        if (SubscribePacket.TryRead(body, _connect.Version, isSubscribe: false, out var packet) is not ReasonCode.Success and var fault)
        {
            Close(fault);
            return;
        }

        var reasons = new List<ReasonCode>();
        while (packet.Next(out var filter, out _, out fault))
        {
            var isThere = _subscriptions.Remove(Encoding.UTF8.GetString(filter), out var former);
            reasons.Add(isThere ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
            if (isThere)
            {
                _replaced.Add(former!);
            }
        }

        if (fault != ReasonCode.Success)
        {
            Close(fault);
            return;
        }

        _sender.Send(AnswerWriter.Reasons(PacketKind.UnsubAck, packet.PacketId, _connect.Version, [.. reasons]));
    }

    private void OnDisconnect(ReadOnlySpan<byte> body)
    {
        if (DisconnectPacket.TryRead(body, _connect.Version, out var reason, out var expiry) is not ReasonCode.Success and var fault)
        {
            Close(fault);
            return;
        }

        // [MQTT-3.14.2-2]: there is no session to be kept.
        if (expiry is > 0)
        {
            Close(ReasonCode.ProtocolError);
            return;
        }

        _leavesWill = reason != ReasonCode.Success;
        Close(null);
    }

    private static PacketKind AckOf(QualityOfService quality) => quality == QualityOfService.ExactlyOnce ? PacketKind.PubRec : PacketKind.PubAck;
}
