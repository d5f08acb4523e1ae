namespace Messaging.EndToEnd.Harness;

/// <summary>MQTT's framing: a type byte, a variable byte integer, a body (OASIS MQTT 5.0, section 2.1).</summary>
internal static class MqttPackets
{
    public static async Task<(byte FirstByte, byte[] Body)?> Read(Stream stream, CancellationToken cancel)
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one, cancel) == 0)
        {
            return null;
        }

        var first = one[0];
        int length = 0, shift = 0;
        do
        {
            await stream.ReadExactlyAsync(one, cancel);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancel);
        return (first, body);
    }

    public static byte[] Join(byte firstByte, byte[] body)
    {
        using var packet = new MemoryStream();
        packet.WriteByte(firstByte);
        WriteVariableInteger(packet, body.Length);
        packet.Write(body);
        return packet.ToArray();
    }

    public static int ReadVariableInteger(ReadOnlySpan<byte> from, out int used)
    {
        int value = 0, shift = 0;
        used = 0;
        byte next;
        do
        {
            next = from[used++];
            value |= (next & 0x7F) << shift;
            shift += 7;
        }
        while ((next & 0x80) != 0);
        return value;
    }

    public static void WriteVariableInteger(Stream to, int value)
    {
        do
        {
            var next = (byte)(value & 0x7F);
            value >>= 7;
            to.WriteByte(value > 0 ? (byte)(next | 0x80) : next);
        }
        while (value > 0);
    }
}
