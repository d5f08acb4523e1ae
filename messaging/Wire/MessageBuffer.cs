using System.Buffers;

namespace Messaging.Wire;

/// <summary>Encodes small messages into arrays.</summary>
internal static class MessageBuffer
{
    public delegate void Encoder<in T>(T value, ref CborWriter writer);

    public static byte[] Write<T>(T value, Encoder<T> encoder)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        encoder(value, ref writer);
        return buffer.WrittenSpan.ToArray();
    }
}
