using System.Buffers;
using System.Buffers.Binary;

namespace Messaging.Telemetry;

/// <summary>
/// A column of binary64 values. Encodings 0 to 9: zig-zag varints of the differences of the integers value × 10^encoding, used only where
/// integer ÷ 10^encoding gives back the very bits of each value; 255: the 8 bytes of each value, little-endian.
/// </summary>
internal static class ValueColumn
{
    public const int MaxScale = 9;
    public const int Raw = 255;

    /// <summary>Up to here every integer is a binary64 value.</summary>
    private const long MaxInteger = 1L << 53;

    private static readonly double[] Scales = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <summary>Writes the column in the smallest encoding that is exact, and gives the encoding.</summary>
    public static int Write(ReadOnlySpan<double> values, ArrayBufferWriter<byte> output)
    {
        for (var encoding = 0; encoding <= MaxScale; encoding++)
        {
            if (!IsExact(values, Scales[encoding]))
            {
                continue;
            }

            WriteIntegers(values, Scales[encoding], output);
            if (output.WrittenCount <= values.Length * sizeof(double))
            {
                return encoding;
            }

            output.ResetWrittenCount();
            break;
        }

        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
            output.Advance(sizeof(double));
        }

        return Raw;
    }

    /// <summary>Fills <paramref name="values"/>; false unless the column has exactly that many.</summary>
    public static bool TryRead(int encoding, ReadOnlySpan<byte> column, Span<double> values)
    {
        if (encoding == Raw)
        {
            if (column.Length != values.Length * sizeof(double))
            {
                return false;
            }

            for (var i = 0; i < values.Length; i++)
            {
                values[i] = BinaryPrimitives.ReadDoubleLittleEndian(column[(i * sizeof(double))..]);
            }

            return true;
        }

        if (encoding > MaxScale)
        {
            return false;
        }

        var integer = 0L;
        foreach (ref var value in values)
        {
            if (!VarInt.TryRead(ref column, out var delta))
            {
                return false;
            }

            // Wraps around for absurd differences; the range check sees the result.
            integer = unchecked(integer + VarInt.UnZigZag(delta));
            if (integer is > MaxInteger or < -MaxInteger)
            {
                return false;
            }

            value = integer / Scales[encoding];
        }

        return column.IsEmpty;
    }

    private static bool IsExact(ReadOnlySpan<double> values, double scale)
    {
        foreach (var value in values)
        {
            var scaled = Math.Round(value * scale);
            if (!(Math.Abs(scaled) <= MaxInteger)
                || BitConverter.DoubleToInt64Bits((long)scaled / scale) != BitConverter.DoubleToInt64Bits(value))
            {
                return false;
            }
        }

        return true;
    }

    private static void WriteIntegers(ReadOnlySpan<double> values, double scale, ArrayBufferWriter<byte> output)
    {
        var previous = 0L;
        foreach (var value in values)
        {
            var integer = (long)Math.Round(value * scale);
            VarInt.Write(output, VarInt.ZigZag(integer - previous));
            previous = integer;
        }
    }
}
