using System.Buffers;

namespace Messaging.Relay.Transport;

/// <summary>
/// Reads the fixed header (MQTT 5 section 2.1) before anything else does, so that a packet's announced length is judged
/// before a byte of its body is waited for or copied.
/// </summary>
internal static class PacketFraming
{
    private const int MaxHeaderBytes = 5;

    /// <summary>Measures the packet at the start of the buffer.</summary>
    /// <param name="buffer">Received bytes, starting at a packet.</param>
    /// <param name="limit">The largest packet allowed, in bytes, header included.</param>
    /// <param name="length">The packet's bytes, header included, when complete.</param>
    public static FramingResult Measure(in ReadOnlySequence<byte> buffer, int limit, out int length)
    {
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        var available = (int)Math.Min(MaxHeaderBytes, buffer.Length);
        buffer.Slice(0, available).CopyTo(header);
        return Measure(header[..available], buffer.Length, limit, out length, out _);
    }

    /// <summary>Measures the packet at the start of what was received.</summary>
    /// <param name="start">The first bytes of it, or all.</param>
    /// <param name="available">Bytes that were received.</param>
    /// <param name="limit">The largest packet allowed, in bytes, header included.</param>
    /// <param name="length">The packet's bytes, header included, as soon as they are known; else 0.</param>
    /// <param name="bodyAt">Bytes of the header, when they are known.</param>
    public static FramingResult Measure(ReadOnlySpan<byte> start, long available, int limit, out int length, out int bodyAt)
    {
        (length, bodyAt) = (0, 0);
        if (start.IsEmpty)
        {
            return FramingResult.Incomplete;
        }

        if (!IsFirstByteValid(start[0]))
        {
            return FramingResult.Malformed;
        }

        var bodyLength = 0;
        for (var index = 1; index < start.Length && index < MaxHeaderBytes; index++)
        {
            bodyLength |= (start[index] & 0x7F) << (7 * (index - 1));
            if ((start[index] & 0x80) != 0)
            {
                continue;
            }

            // [MQTT-1.5.5-1]: the encoded value uses the fewest bytes.
            if (index > 1 && start[index] == 0)
            {
                return FramingResult.Malformed;
            }

            if (bodyLength > limit - index - 1)
            {
                return FramingResult.TooLarge;
            }

            bodyAt = index + 1;
            length = bodyAt + bodyLength;
            return available < length ? FramingResult.Incomplete : FramingResult.Complete;
        }

        return start.Length >= MaxHeaderBytes ? FramingResult.Malformed : FramingResult.Incomplete;
    }

    /// <summary>Packet type and the flags that the type reserves ([MQTT-2.1.3-1]).</summary>
    private static bool IsFirstByteValid(byte first) => (first >> 4) switch
    {
        0 => false,
        3 => (first & 0x06) != 0x06,
        6 or 8 or 10 => (first & 0x0F) == 0x02,
        _ => (first & 0x0F) == 0,
    };
}
