using System.Buffers.Text;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>The two lines of <c>w1_slave</c>: nine bytes with <c>crc=.. YES</c>, and the same with <c>t=</c> in thousandths of a degree.</summary>
internal static class OneWireText
{
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Parse(ReadOnlySpan<byte> text, out double celsius)
    {
        celsius = double.NaN;
        if (text.IndexOf("crc="u8) < 0)
        {
            return "it does not look as expected";
        }

        if (text.IndexOf("YES"u8) < 0)
        {
            return "the checksum is wrong";
        }

        // A shorted or absent line reads as zeros, whose checksum is right.
        if (text.StartsWith("00 00 00 00 00 00 00 00 00"u8))
        {
            return "nothing but zeros: the line is shorted, or the sensor is gone";
        }

        var at = text.LastIndexOf("t="u8);
        if (at < 0 || !Utf8Parser.TryParse(text[(at + 2)..].Trim(" \r\n"u8), out int thousandths, out _))
        {
            return "it holds no temperature";
        }

        celsius = thousandths / 1000.0;
        return null;
    }
}
