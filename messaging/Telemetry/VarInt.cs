using System.Buffers;

namespace Messaging.Telemetry;

/// <summary>Variable-length integers: 7 bits a byte, least significant first, the high bit says that more follow, shortest form only.</summary>
internal static class VarInt
{
    private const int MaxBytes = 10;

    public static void Write(IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(MaxBytes);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        output.Advance(count);
    }

    public static bool TryRead(ref ReadOnlySpan<byte> input, out ulong value)
    {
        value = 0;
        for (var i = 0; i < input.Length && i < MaxBytes; i++)
        {
            var part = input[i];
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                // The tenth byte has room for one bit; a last byte of zero would be a longer form of the same number.
                var shortest = i == 0 || part != 0;
                var fits = i < MaxBytes - 1 || part <= 1;
                input = input[(i + 1)..];
                return shortest && fits;
            }
        }

        return false;
    }

    /// <summary>Zig-zag: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
