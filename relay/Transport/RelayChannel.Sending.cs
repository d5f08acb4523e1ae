using System.Buffers;
using Messaging.Relay.Counters;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

internal sealed partial class RelayChannel
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private long _writeStartedAt;
    private Task _pump = Task.CompletedTask;

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttDisconnectPacket farewell)
        {
            Close(farewell.ReasonCode);
            return;
        }

        if (IsClosing)
        {
            return;
        }

        if (packet is MqttConnAckPacket connAck)
        {
            ConnAckTerms.Apply(connAck, _options, _isControl, ServerKeepAlive);
            connAck.UserProperties = ReturnAfter is { } time ? ConnAckTerms.ReturnAfter(time) : connAck.UserProperties;
        }
        else if (packet is MqttSubAckPacket subAck)
        {
            RestoreOrder(subAck);
            _counters.Add(RelayCounter.SubscriptionsRefused, subAck.ReasonCodes.Count(code => code >= MqttSubscribeReasonCode.UnspecifiedError));
        }

        try
        {
            await WriteAsync(packet, _closed.Token);
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            Close(MqttDisconnectReasonCode.NormalDisconnection);
            return;
        }

        if (packet is MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success } && Outbound is { } outbound)
        {
            _pump = PumpAsync(outbound);
        }
    }

    /// <summary>Writes what waits for the client, one packet after the other, until the connection closes.</summary>
    private async Task PumpAsync(OutboundQueue outbound)
    {
        try
        {
            while (true)
            {
                var next = await outbound.NextAsync(_closed.Token);
                if (next.Message.PacketBytes > MaxClientPacketBytes)
                {
                    // [MQTT-3.1.2-25]: such a packet is dropped as if it had been sent.
                    _counters.Count(RelayCounter.MessagesTooLarge);
                    outbound.Acknowledge(next.PacketId);
                }
                else
                {
                    await WriteAsync(ToPacket(next), _closed.Token);
                }

                outbound.Written(next);
            }
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            Close(MqttDisconnectReasonCode.NormalDisconnection);
        }
    }

    private async Task WriteAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            Volatile.Write(ref _writeStartedAt, _time.GetTimestamp());
            Encode(packet);
            if (packet is MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success })
            {
                // From here on the client may know that it is connected, and is told why it is not any more.
                _phase = ChannelPhase.Connected;
            }

            var flushed = await _transport.Output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
            {
                Close(MqttDisconnectReasonCode.NormalDisconnection);
            }
        }
        finally
        {
            Volatile.Write(ref _writeStartedAt, 0);
            _writing.Release();
        }
    }

    private void Encode(MqttPacket packet)
    {
        try
        {
            var buffer = PacketFormatterAdapter.Encode(packet);
            _transport.Output.Write(buffer.Packet.AsSpan());
            foreach (var segment in buffer.Payload)
            {
                _transport.Output.Write(segment.Span);
            }

            BytesSent += buffer.Length;
        }
        finally
        {
            PacketFormatterAdapter.Cleanup();
        }
    }

    private void RestoreOrder(MqttSubAckPacket answer)
    {
        lock (_subAckOrders)
        {
            if (_subAckOrders.Remove(answer.PacketIdentifier, out var order))
            {
                SubAckOrder.Restore(answer, order);
            }
        }
    }

    private long MaxClientPacketBytes =>
        IsVersion5 && Connect is { MaximumPacketSize: > 0 } connect
            ? connect.MaximumPacketSize
            : long.MaxValue;

    private static MqttPublishPacket ToPacket(in OutboundPacket packet) => new()
    {
        Topic = packet.Message.Topic,
        Payload = new ReadOnlySequence<byte>(packet.Message.Payload),
        QualityOfServiceLevel = packet.PacketId == 0 ? MqttQualityOfServiceLevel.AtMostOnce : MqttQualityOfServiceLevel.AtLeastOnce,
        PacketIdentifier = packet.PacketId,
    };
}
