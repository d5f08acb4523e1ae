using Messaging.Relay.Access;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Principals;
using Messaging.Relay.Transport;
using Messaging.Wire;
using MQTTnet.Protocol;

namespace Messaging.Relay.Routing;

/// <summary>
/// Passes messages on. There are only four ways a message can go, so the recipients are looked up instead of matching
/// every topic against every subscription of every client, which is what the stock broker does for each publish.
/// </summary>
internal sealed class MessageRouter(
    SessionRegistry sessions, PrincipalDirectory directory, RelayCounters counters, RelayOptions options, TimeProvider time)
{
    /// <summary>From a device to control. When control is slow, the device waits here, and its unread bytes with it.</summary>
    public async ValueTask<MqttPubAckReasonCode> ToControlAsync(RelaySession from, OutboundMessage message)
    {
        counters.Count(RelayCounter.MessagesUp);
        counters.Add(RelayCounter.BytesUp, message.Payload.Length);
        var heard = TryOffer(message, out var full);
        if (!heard && full is not null)
        {
            using var hold = from.Channel.Hold();
            heard = await OfferWhenRoomAsync(full, message);
        }

        if (heard)
        {
            return MqttPubAckReasonCode.Success;
        }

        counters.Count(full is null ? RelayCounter.MessagesUnheard : RelayCounter.MessagesHeldOff);
        return full is null ? MqttPubAckReasonCode.NoMatchingSubscribers : MqttPubAckReasonCode.QuotaExceeded;
    }

    /// <summary>From control to one device.</summary>
    public MqttPubAckReasonCode ToDevice(PrincipalId device, in OutboundMessage message) =>
        sessions.FindDevice(device) is { } session ? Deliver(session, message) : MqttPubAckReasonCode.NoMatchingSubscribers;

    /// <summary>From control to all devices that are in a group at this moment and listen.</summary>
    public MqttPubAckReasonCode ToGroup(PrincipalId group, in OutboundMessage message)
    {
        var best = MqttPubAckReasonCode.NoMatchingSubscribers;
        foreach (var session in sessions.Devices)
        {
            if (AccessPolicy.MayHear(session.Subject(directory.Find(session.Id)), group)
                && Deliver(session, message) == MqttPubAckReasonCode.Success)
            {
                best = MqttPubAckReasonCode.Success;
            }
        }

        return best;
    }

    /// <summary>From the relay itself to control. Control could not do without it, so one that has no room for it is cut and starts anew.</summary>
    public void Tell(string filter, string topic, byte[] payload)
    {
        foreach (var control in sessions.Controls)
        {
            Tell(control, filter, topic, payload);
        }
    }

    /// <inheritdoc cref="Tell(string, string, byte[])"/>
    public void Tell(RelaySession control, string filter, string topic, byte[] payload)
    {
        if (control.IsSubscribed(filter, out var isAcknowledged)
            && control.Channel is { IsClosing: false, Outbound: { } queue }
            && !queue.TryEnqueue(new OutboundMessage(topic, payload, isAcknowledged), isUrgent: true))
        {
            counters.Count(RelayCounter.SlowConsumersCut);
            control.Channel.Close(MqttDisconnectReasonCode.QuotaExceeded);
        }
    }

    private MqttPubAckReasonCode Deliver(RelaySession session, in OutboundMessage message)
    {
        if (session.Channel is not { IsClosing: false, Outbound: { } queue } || !session.IsSubscribed(message.Topic, out var isAcknowledged))
        {
            return MqttPubAckReasonCode.NoMatchingSubscribers;
        }

        if (!queue.TryEnqueue(message with { IsAcknowledged = message.IsAcknowledged && isAcknowledged }))
        {
            counters.Count(RelayCounter.SlowConsumersCut);
            session.Channel.Close(MqttDisconnectReasonCode.QuotaExceeded);
            return MqttPubAckReasonCode.QuotaExceeded;
        }

        counters.Count(RelayCounter.MessagesDown);
        counters.Add(RelayCounter.BytesDown, message.Payload.Length);
        return MqttPubAckReasonCode.Success;
    }

    private bool TryOffer(in OutboundMessage message, out RelaySession? full)
    {
        var heard = false;
        full = null;
        foreach (var control in sessions.Controls)
        {
            if (control.Channel is not { IsClosing: false, Outbound: { } queue } || !control.IsSubscribed(Topics.UpFilter, out var isAcknowledged))
            {
                continue;
            }

            if (queue.TryEnqueue(message with { IsAcknowledged = message.IsAcknowledged && isAcknowledged }))
            {
                heard = true;
            }
            else
            {
                full = control;
            }
        }

        return heard;
    }

    private async Task<bool> OfferWhenRoomAsync(RelaySession full, OutboundMessage message)
    {
        using var limit = new CancellationTokenSource(options.BackpressureTimeout, time);
        while (full.Channel is { IsClosing: false, Outbound: { } queue })
        {
            try
            {
                await queue.WaitForRoomAsync().WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            if (TryOffer(message, out _))
            {
                return true;
            }
        }

        return false;
    }
}
