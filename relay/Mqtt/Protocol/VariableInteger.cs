namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Variable Byte Integers (MQTT 5 section 1.5.5), written.</summary>
internal static class VariableInteger
{
    public static int Size(uint value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    public static int Write(Span<byte> to, uint value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        to[at] = (byte)value;
        return at + 1;
    }
}
