namespace Messaging.Telemetry;

/// <summary>
/// What the integers of a column stand for. 0 to 9: n ÷ 10^scale; 10: no integers but the 64 bits of each value; 11 to 62: n × 2^(scale - 10).
/// A scale is used for values that it gives back to the bit.
/// </summary>
internal static class ValueScale
{
    public const int MaxDecimals = 9;
    public const int Raw = 10;
    public const int Max = 62;

    /// <summary>Up to here every integer is a binary64 value.</summary>
    public const long MaxInteger = 1L << 53;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    public static double Value(long integer, int scale) => scale <= MaxDecimals ? integer / Powers[scale] : Math.ScaleB(integer, scale - Raw);

    /// <summary>False when the scale does not give the value back.</summary>
    public static bool TryInteger(double value, int scale, out long integer)
    {
        var scaled = scale <= MaxDecimals ? Math.Round(value * Powers[scale]) : Math.Round(Math.ScaleB(value, Raw - scale));
        if (!(Math.Abs(scaled) <= MaxInteger))
        {
            integer = 0;
            return false;
        }

        integer = (long)scaled;
        return BitConverter.DoubleToInt64Bits(Value(integer, scale)) == BitConverter.DoubleToInt64Bits(value);
    }

    public static bool IsExact(IReadOnlyList<MetricPoint> points, int scale)
    {
        for (var i = 0; i < points.Count; i++)
        {
            if (!TryInteger(points[i].Value, scale, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The fewest decimals that give all of the values back, else <see cref="Raw"/>.</summary>
    public static int Of(IReadOnlyList<MetricPoint> points)
    {
        for (var decimals = 0; decimals <= MaxDecimals; decimals++)
        {
            if (IsExact(points, decimals))
            {
                return decimals;
            }
        }

        return Raw;
    }
}
