using System.Buffers.Binary;
using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>One MQTT 5 PUBLISH packet (OASIS MQTT 5.0, section 3.3), taken apart so that an attacker can change it.</summary>
internal sealed record MqttPublish(byte Flags, string Topic, ushort PacketId, byte[] Properties, byte[] Payload)
{
    private const byte PublishType = 0x30;
    private const byte QosMask = 0x06;

    public static bool TryParse(byte firstByte, ReadOnlySpan<byte> body, out MqttPublish publish)
    {
        publish = null!;
        if ((firstByte & 0xF0) != PublishType)
        {
            return false;
        }

        var topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var topic = Encoding.UTF8.GetString(body.Slice(2, topicLength));
        body = body[(2 + topicLength)..];
        ushort packetId = 0;
        if ((firstByte & QosMask) != 0)
        {
            packetId = BinaryPrimitives.ReadUInt16BigEndian(body);
            body = body[2..];
        }

        var properties = MqttPackets.ReadVariableInteger(body, out var used);
        publish = new MqttPublish((byte)(firstByte & 0x0F), topic, packetId, body.Slice(used, properties).ToArray(), body[(used + properties)..].ToArray());
        return true;
    }

    /// <summary>The same message as QoS 0, so that a copy needs no packet identifier of its own.</summary>
    public MqttPublish AsCopy() => this with { Flags = 0, PacketId = 0 };

    public byte[] ToPacket()
    {
        using var body = new MemoryStream();
        var topic = Encoding.UTF8.GetBytes(Topic);
        body.Write([(byte)(topic.Length >> 8), (byte)topic.Length]);
        body.Write(topic);
        if ((Flags & QosMask) != 0)
        {
            body.Write([(byte)(PacketId >> 8), (byte)PacketId]);
        }

        MqttPackets.WriteVariableInteger(body, Properties.Length);
        body.Write(Properties);
        body.Write(Payload);
        using var packet = new MemoryStream();
        packet.WriteByte((byte)(PublishType | Flags));
        MqttPackets.WriteVariableInteger(packet, (int)body.Length);
        body.WriteTo(packet);
        return packet.ToArray();
    }
}
