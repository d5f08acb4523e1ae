using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>Writes packets to one client. Thread safe.</summary>
/// <param name="outbox">Where they wait to be sent.</param>
/// <param name="version">The client's.</param>
/// <param name="maxPacketBytes">What it takes.</param>
/// <param name="tooLarge">Called when a record is more than that.</param>
internal sealed class ChannelSender(Outbox outbox, MqttVersion version, uint maxPacketBytes, Action tooLarge)
{
    /// <summary>Writes a message; a flush sends it. One that the client does not take is left out ([MQTT-3.1.2-25]).</summary>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> properties, uint subscriptionId)
    {
        var message = new Publication { Topic = topic, Payload = payload, Properties = properties, ExpiresAtMs = long.MaxValue };
        var writer = new PublishWriter(message, version, QualityOfService.AtMostOnce, subscriptionId == 0 ? [] : [subscriptionId], nowMs: 0);
        if (writer.Size > maxPacketBytes)
        {
            tooLarge();
            return;
        }

        lock (outbox.Gate)
        {
            if (outbox.Reserve(writer.Size, out _) is { IsEmpty: false } room)
            {
                writer.Write(room, message, packetId: 0, isDuplicate: false, isRetained: false);
            }
        }
    }

    /// <summary>Sends a whole packet.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (outbox.Gate)
        {
            if (outbox.Reserve(packet.Length, out _) is { IsEmpty: false } room)
            {
                packet.CopyTo(room);
            }
        }

        outbox.Flush();
    }

    /// <summary>Sends an acknowledgement.</summary>
    /// <param name="kind">Of what.</param>
    /// <param name="packetId">What it answers.</param>
    /// <param name="reason">How it went.</param>
    public void Acknowledge(PacketKind kind, ushort packetId, ReasonCode reason)
    {
        lock (outbox.Gate)
        {
            if (outbox.Reserve(AnswerWriter.AckSize(version, reason), out _) is { IsEmpty: false } room)
            {
                AnswerWriter.Ack(room, kind, packetId, version, reason);
            }
        }

        outbox.Flush();
    }

    /// <summary>Sends what was written.</summary>
    /// <returns>When the client has taken it, or is gone.</returns>
    public Task FlushAsync()
    {
        outbox.Flush();
        return outbox.WhenSentAsync();
    }
}
